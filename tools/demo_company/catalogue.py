"""What each charge code is called on the carriers' bills, and what it is in the inventory."""

from __future__ import annotations

# code → (name on the bill, family of the service, Mbit/s)
CODES: dict[str, tuple[str, str, int]] = {
    # Northbeam
    "DIA-100M": ("Dedicated Internet 100 Mbps", "internet", 100),
    "DIA-200M": ("Dedicated Internet 200 Mbps", "internet", 200),
    "DIA-500M": ("Dedicated Internet 500 Mbps", "internet", 500),
    "DIA-1G": ("Dedicated Internet 1 Gbps", "internet", 1000),
    "IPB-29": ("Static IP block /29", "internet", 0),
    "IPB-28": ("Static IP block /28", "internet", 0),
    "BBI-300": ("Business Broadband 300", "internet", 300),
    "BURST-95": ("Burstable Internet, Mbps", "internet", 0),
    "INST-BB": ("Broadband installation", "internet", 0),
    "INST-DIA": ("Dedicated Internet installation", "internet", 0),
    "VL-BUS": ("Business line", "voice", 0),
    "VF-PKG": ("Calling features package", "voice", 0),
    "PRI-23": ("ISDN PRI, 23 channels", "voice", 0),
    "LD-US": ("Long distance, domestic", "voice", 0),
    # Tri-Lakes
    "1FB": ("BUSINESS LINE", "voice", 0),
    "FTR": ("FEATURE PACKAGE", "voice", 0),
    "ALM": ("ALARM CIRCUIT LINE", "voice", 0),
    "DSL25": ("BUSINESS DSL 25 MEG", "internet", 25),
    "IWM": ("INSIDE WIRE PLAN", "voice", 0),
    "SVO": ("SERVICE ORDER", "voice", 0),
    # Calder
    "EPL-100": ("Ethernet port 100 Mbps", "wan", 100),
    "EPL-200": ("Ethernet port 200 Mbps", "wan", 200),
    "EPL-500": ("Ethernet port 500 Mbps", "wan", 500),
    "EPL-1G": ("Ethernet port 1 Gbps", "wan", 1000),
    "ACC-FIB": ("Fiber access loop", "wan", 0),
    "RTR-MGD": ("Managed router", "wan", 0),
    "INST-EPL": ("Port turn-up", "wan", 0),
    "WAVE-10G": ("10G wavelength", "wan", 10000),
    "DKF-PAIR": ("Dark fiber pair", "wan", 0),
    # Halyard
    "SIP-CH": ("SIP trunk channels", "voice", 0),
    "DID-STD": ("DID number", "voice", 0),
    "TFN-STD": ("Toll-free number", "voice", 0),
    "LD-OUT": ("Outbound minutes", "voice", 0),
    "TF-IN": ("Toll-free inbound minutes", "voice", 0),
    "LD-INTL": ("International minutes", "voice", 0),
    "PORT-NUM": ("Number porting, one-time", "voice", 0),
    "EXP-ORD": ("Order expedite, one-time", "voice", 0),
    # Stratum
    "RACK-47U": ("Rack 47U, monthly rental", "colocation", 0),
    "PWR-32A": ("Power feed 32 A, monthly rental", "colocation", 0),
    "XC-SM": ("Cross-connect single mode, monthly rental", "colocation", 0),
    "XC-INST": ("Cross-connect installation", "colocation", 0),
    "KWH": ("Metered power usage, kWh", "colocation", 0),
    "PWR-KW": ("Committed power usage, kW of demand", "colocation", 0),
    "RH-STD": ("Remote hands, standard hours", "colocation", 0),
}


def name_of(code: str) -> str:
    """What the bill calls it."""
    return CODES[code][0]


def kind_of(code: str) -> str:
    """The family of services that it belongs to."""
    return CODES[code][1]


def speed_of(code: str) -> int:
    """Mbit/s, 0 where speed is not what is sold."""
    return CODES[code][2]
