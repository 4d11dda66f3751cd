"""Which country a code means, whoever wrote it: ISO 3166-1 in two or three letters, or ICAO 9303 part 3, section 5.

ISO's codes as of 2026 (iso.org/obp). ICAO has Germany as D, kinds of British nationals, organisations, people without
a nationality, and codes of States that are gone or renamed and on documents still shown.
"""

from __future__ import annotations

ISO_3166 = """
AF:AFG AX:ALA AL:ALB DZ:DZA AS:ASM AD:AND AO:AGO AI:AIA AQ:ATA AG:ATG AR:ARG AM:ARM AW:ABW AU:AUS AT:AUT AZ:AZE
BS:BHS BH:BHR BD:BGD BB:BRB BY:BLR BE:BEL BZ:BLZ BJ:BEN BM:BMU BT:BTN BO:BOL BQ:BES BA:BIH BW:BWA BV:BVT BR:BRA
IO:IOT BN:BRN BG:BGR BF:BFA BI:BDI CV:CPV KH:KHM CM:CMR CA:CAN KY:CYM CF:CAF TD:TCD CL:CHL CN:CHN CX:CXR CC:CCK
CO:COL KM:COM CG:COG CD:COD CK:COK CR:CRI CI:CIV HR:HRV CU:CUB CW:CUW CY:CYP CZ:CZE DK:DNK DJ:DJI DM:DMA DO:DOM
EC:ECU EG:EGY SV:SLV GQ:GNQ ER:ERI EE:EST SZ:SWZ ET:ETH FK:FLK FO:FRO FJ:FJI FI:FIN FR:FRA GF:GUF PF:PYF TF:ATF
GA:GAB GM:GMB GE:GEO DE:DEU GH:GHA GI:GIB GR:GRC GL:GRL GD:GRD GP:GLP GU:GUM GT:GTM GG:GGY GN:GIN GW:GNB GY:GUY
HT:HTI HM:HMD VA:VAT HN:HND HK:HKG HU:HUN IS:ISL IN:IND ID:IDN IR:IRN IQ:IRQ IE:IRL IM:IMN IL:ISR IT:ITA JM:JAM
JP:JPN JE:JEY JO:JOR KZ:KAZ KE:KEN KI:KIR KP:PRK KR:KOR KW:KWT KG:KGZ LA:LAO LV:LVA LB:LBN LS:LSO LR:LBR LY:LBY
LI:LIE LT:LTU LU:LUX MO:MAC MG:MDG MW:MWI MY:MYS MV:MDV ML:MLI MT:MLT MH:MHL MQ:MTQ MR:MRT MU:MUS YT:MYT MX:MEX
FM:FSM MD:MDA MC:MCO MN:MNG ME:MNE MS:MSR MA:MAR MZ:MOZ MM:MMR NA:NAM NR:NRU NP:NPL NL:NLD NC:NCL NZ:NZL NI:NIC
NE:NER NG:NGA NU:NIU NF:NFK MK:MKD MP:MNP NO:NOR OM:OMN PK:PAK PW:PLW PS:PSE PA:PAN PG:PNG PY:PRY PE:PER PH:PHL
PN:PCN PL:POL PT:PRT PR:PRI QA:QAT RE:REU RO:ROU RU:RUS RW:RWA BL:BLM SH:SHN KN:KNA LC:LCA MF:MAF PM:SPM VC:VCT
WS:WSM SM:SMR ST:STP SA:SAU SN:SEN RS:SRB SC:SYC SL:SLE SG:SGP SX:SXM SK:SVK SI:SVN SB:SLB SO:SOM ZA:ZAF GS:SGS
SS:SSD ES:ESP LK:LKA SD:SDN SR:SUR SJ:SJM SE:SWE CH:CHE SY:SYR TW:TWN TJ:TJK TZ:TZA TH:THA TL:TLS TG:TGO TK:TKL
TO:TON TT:TTO TN:TUN TR:TUR TM:TKM TC:TCA TV:TUV UG:UGA UA:UKR AE:ARE GB:GBR US:USA UM:UMI UY:URY UZ:UZB VU:VUT
VE:VEN VN:VNM VG:VGB VI:VIR WF:WLF EH:ESH YE:YEM ZM:ZMB ZW:ZWE
"""
_ALPHA_3 = dict(pair.split(":") for pair in ISO_3166.split())

# One country's code in other letters: Germany's own in the MRZ, Kosovo's (ISO has none; XK and XKX are the European
# Union's, RKS and KS its own, XXK ICAO's temporary one), Zaire's and Romania's old ones, and the Union's own.
_ALIASES = {
    "D": "DEU",
    **dict.fromkeys(("RKS", "KS", "XK", "XXK"), "XKX"),
    "ZAR": "COD",
    "ROM": "ROU",
    "EU": "EUE",
}
# Kosovo; the European Union; the United Nations; other issuers; people without a nationality; States that are gone.
OTHERS = """
XKX EUE UNO UNA UNK XBA XIM XCC XCE XCO XEC XPO XES XMP XOM XDC XXA XXB XXC XXX ANT NTZ SCG YUG CSK DDR SUN
"""
# British nationals who are no British citizens: the United Kingdom issues their documents too.
_BRITISH = frozenset({"GBD", "GBN", "GBO", "GBP", "GBS"})

# Of no State: Utopia (ICAO 9303 part 3, section 5), which all specimens are of, and the code in the worked examples of
# part 3, appendix A.
SPECIMEN_STATES = frozenset({"UTO", "YTO"})
_KNOWN = frozenset({*_ALPHA_3.values(), *OTHERS.split(), *_BRITISH, *SPECIMEN_STATES})


def canonical(code: str) -> str:
    """Write a country's code in its three letters; a code that nobody knows stays as it is."""
    return _ALPHA_3.get(code) or _ALIASES.get(code, code)


def is_known(code: str) -> bool:
    """Say whether ISO 3166-1 or ICAO 9303 has a code."""
    return canonical(code) in _KNOWN


def names(listed: str, issuer: str) -> bool:
    """Say whether a code on a list names a document's issuer.

    GBR names every kind of British national's, for the United Kingdom issues them all; each kind names itself alone.
    """
    wanted, found = canonical(listed), canonical(issuer)
    return wanted == found or (wanted == "GBR" and found in _BRITISH)
