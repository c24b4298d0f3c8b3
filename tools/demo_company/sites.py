"""The sites of Meridian Foods. Cities are real, streets and buildings are not."""

from __future__ import annotations

from tools.demo_company.values import Site

SITES = (
    Site("CHI1", "Chicago Headquarters", "418 W Larch St", "Chicago", "IL", "60607", "US", "1000", "7.00"),
    Site("MKE1", "Milwaukee Plant", "2200 S Quarry Rd", "Milwaukee", "WI", "53207", "US", "2100", "5.50"),
    Site("MSP1", "Minneapolis Distribution", "915 Elevator Row NE", "Minneapolis", "MN", "55413", "US", "3100", "6.88"),
    Site("DSM1", "Des Moines Mill", "60 Granary Ln", "Des Moines", "IA", "50309", "US", "2200", "6.00"),
    Site("OMA1", "Omaha Cold Storage", "7714 Stockyard Dr", "Omaha", "NE", "68107", "US", "3200", "5.50"),
    Site("MCI1", "Kansas City Distribution", "1300 Rail Spur Ave", "Kansas City", "MO", "64116", "US", "3300", "4.23"),
    Site("STL1", "St. Louis Bottling", "88 Levee St", "St. Louis", "MO", "63102", "US", "2300", "4.23"),
    Site("DEN1", "Denver Sales Office", "1650 Poplar Ct", "Denver", "CO", "80205", "US", "4100", "2.90"),
    Site("DFW1", "Dallas Distribution", "4020 Freight Way", "Dallas", "TX", "75207", "US", "3400", "6.25"),
    Site("ATL1", "Atlanta Distribution", "511 Depot Pl", "Atlanta", "GA", "30318", "US", "3500", "4.00"),
    Site("CMH1", "Columbus Plant", "2745 Tannery Rd", "Columbus", "OH", "43207", "US", "2400", "5.75"),
    Site("DLH1", "Duluth Cannery", "31 Harbor Slip", "Duluth", "MN", "55802", "US", "2500", "6.88"),
    Site("BRD1", "Brainerd Creamery", "604 Pine Mill Rd", "Brainerd", "MN", "56401", "US", "2600", "6.88"),
    Site("FRA1", "Frankfurt Cage", "Beispielweg 12", "Frankfurt am Main", "HE", "60327", "DE", "5100", "19"),
    Site("AMS1", "Amsterdam Cage", "Voorbeeldkade 40", "Amsterdam", "NH", "1042 AB", "NL", "5200", "21"),
)

SITE = {site.code: site for site in SITES}

COMPANY = "Meridian Foods"
COMPANY_LEGAL = "Meridian Foods, Inc."
COMPANY_ADDRESS = ("Accounts Payable", "418 W Larch St", "Chicago, IL 60607")
