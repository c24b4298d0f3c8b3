"""Services of the two carriers that serve many sites: Northbeam (internet, voice lines) and Calder (WAN)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tools.demo_company.carriers import CALDER, NORTHBEAM
from tools.demo_company.catalogue import kind_of, name_of, speed_of
from tools.demo_company.traffic import BURSTABLE
from tools.demo_company.values import Service

_DIA = {  # site: (code, circuit number, static addresses)
    "CHI1": ("DIA-1G", 104411, True),
    "MKE1": ("DIA-500M", 104418, True),
    "MSP1": ("DIA-500M", 104425, True),
    "DSM1": ("DIA-200M", 104432, False),
    "OMA1": ("DIA-100M", 104439, False),
    "MCI1": ("DIA-200M", 104446, False),
    "STL1": ("DIA-200M", 104453, True),
    "DEN1": ("DIA-100M", 104460, False),
    "DFW1": ("DIA-500M", 104467, True),
    "ATL1": ("DIA-200M", 104474, True),
    "CMH1": ("DIA-500M", 104481, False),
}
_BROADBAND = {
    "MKE1": 208103,
    "MSP1": 208109,
    "DSM1": 208115,
    "OMA1": 208121,
    "MCI1": 208127,
    "STL1": 208133,
    "DEN1": 208139,
    "DFW1": 208145,
    "ATL1": 208151,
    "CMH1": 208157,
}
_LINES = {  # site: (area code and office, first line number)
    "CHI1": ("312-555", 101),
    "MKE1": ("414-555", 104),
    "MSP1": ("612-555", 107),
    "STL1": ("314-555", 110),
    "DEN1": ("303-555", 113),
    "DFW1": ("214-555", 116),
    "ATL1": ("404-555", 119),
    "CMH1": ("614-555", 122),
}
_PORTS = {
    "CHI1": ("EPL-1G", 20401),
    "MKE1": ("EPL-500", 20404),
    "MSP1": ("EPL-500", 20407),
    "DSM1": ("EPL-200", 20410),
    "OMA1": ("EPL-200", 20413),
    "MCI1": ("EPL-200", 20416),
    "STL1": ("EPL-200", 20419),
    "DEN1": ("EPL-100", 20422),
    "DFW1": ("EPL-500", 20425),
    "ATL1": ("EPL-500", 20428),
    "CMH1": ("EPL-500", 20431),
}


def _service(carrier: str, account: str, code: str, site: str, **more: object) -> Service:
    return Service(
        carrier,
        account,
        kind_of(code),
        code,
        site,
        description=name_of(code),
        bandwidth_mbps=speed_of(code),
        **more,  # type: ignore[arg-type]
    )


def _northbeam() -> list[Service]:
    services = []
    for site, (code, number, addresses) in _DIA.items():
        extras = ("IPB-29",) if addresses else ()
        circuit = f"12/DIAX/{number}//NBC"
        burst = "BURST-95" if circuit == BURSTABLE else ""
        services.append(_service(NORTHBEAM, "nb_data", code, site, circuit=circuit, extras=extras, usage_code=burst))
    services.extend(
        _service(NORTHBEAM, "nb_data", "BBI-300", site, circuit=f"12/BBIX/{number}//NBC", install_code="INST-BB")
        for site, number in _BROADBAND.items()
    )
    # Omaha's internet moves to a larger building in Des Moines: the old circuit ends, a new one begins there
    services.append(
        _service(NORTHBEAM, "nb_data", "DIA-100M", "DSM1", circuit="12/DIAX/104488//NBC", install_code="INST-DIA")
    )
    for site, (office, first) in _LINES.items():
        for place in range(2):
            features = ("VF-PKG",) if place == 0 else ()
            toll = "LD-US" if place == 0 and site in {"CHI1", "MSP1", "DFW1", "ATL1"} else ""
            services.append(
                _service(
                    NORTHBEAM,
                    "nb_voice",
                    "VL-BUS",
                    site,
                    tn=f"{office}-{first + place:04d}",
                    extras=features,
                    usage_code=toll,
                )
            )
    services.append(_service(NORTHBEAM, "nb_voice", "PRI-23", "CHI1", circuit="45/PRIX/300118//NBC"))
    services.append(_service(NORTHBEAM, "nb_voice", "PRI-23", "MKE1", circuit="45/PRIX/300125//NBC"))
    return services


def _calder() -> list[Service]:
    services = []
    for site, (code, number) in _PORTS.items():
        port = f"CF/ETH/{number}/{site}"
        services.append(_service(CALDER, "cf_wan", code, site, circuit=port, far_site="CHI1", install_code="INST-EPL"))
        services.append(_service(CALDER, "cf_wan", "ACC-FIB", site, circuit=f"CF/ACC/{number + 1}/{site}"))
    services.extend(
        _service(CALDER, "cf_wan", "RTR-MGD", site) for site in ("CHI1", "MKE1", "MSP1", "MCI1", "DFW1", "ATL1", "CMH1")
    )
    for site, number in (("DFW1", 31007), ("ATL1", 31011), ("DEN1", 31016)):
        services.append(
            _service(CALDER, "cf_wave", "WAVE-10G", "CHI1", circuit=f"CF/WAV/{number}/CHI-{site[:3]}", far_site=site)
        )
    services.append(_service(CALDER, "cf_wave", "DKF-PAIR", "CHI1", circuit="CF/DKF/31102/CHI-MKE", far_site="MKE1"))
    return services


# what happened in the half-year; the rest was in use before it and still is
_EVENTS: dict[str, dict[str, Any]] = {
    # installed within a billing period, first billed with the right part of it
    "12/BBIX/208151//NBC": {"ordered": date(2026, 4, 28), "installed": date(2026, 6, 5)},
    "12/DIAX/104488//NBC": {"ordered": date(2026, 7, 2), "installed": date(2026, 9, 1)},
    "CF/ETH/20431/CMH1": {"ordered": date(2026, 2, 16), "installed": date(2026, 5, 11)},
    "CF/ACC/20432/CMH1": {"ordered": date(2026, 2, 16), "installed": date(2026, 5, 11)},
    "CMH1/RTR-MGD": {"ordered": date(2026, 2, 16), "installed": date(2026, 5, 1)},
    # disconnected within a billing period, final bill right
    "12/BBIX/208133//NBC": {"disconnect_requested": date(2026, 6, 24), "disconnected": date(2026, 7, 29)},
    "12/DIAX/104439//NBC": {"disconnect_requested": date(2026, 7, 20), "disconnected": date(2026, 8, 28)},
    "CF/WAV/31016/CHI-DEN": {"disconnect_requested": date(2026, 3, 31), "disconnected": date(2026, 7, 10)},
    # billed wrongly at one end of their lives: see the seeds
    "12/BBIX/208103//NBC": {"disconnect_requested": date(2026, 4, 20), "disconnected": date(2026, 5, 31)},
    "12/BBIX/208139//NBC": {"disconnect_requested": date(2026, 7, 24), "disconnected": date(2026, 8, 25)},
    "CF/ETH/20413/OMA1": {"disconnect_requested": date(2026, 7, 20), "disconnected": date(2026, 8, 20)},
    "CF/ACC/20414/OMA1": {"disconnect_requested": date(2026, 7, 20), "disconnected": date(2026, 8, 20)},
    "CF/ACC/20423/DEN1": {"ordered": date(2026, 7, 14), "installed": date(2026, 9, 10)},
}

NORTHBEAM_SERVICES = tuple(replace(service, **_EVENTS.get(service.key, {})) for service in _northbeam())
CALDER_SERVICES = tuple(replace(service, **_EVENTS.get(service.key, {})) for service in _calder())
