"""Who issues: AAMVA's issuer identification numbers of US states, territories and Canadian provinces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cari_barcode.licence import Country


@dataclass(frozen=True)
class Issuer:
    """A jurisdiction by its postal code, and the country it belongs to."""

    jurisdiction: str
    country: Country


def issuer_of(iin: str) -> Issuer | None:
    """Look a six-digit issuer identification number up; None for one that AAMVA has not given out."""
    return _ISSUERS.get(iin)


def iin_of(jurisdiction: str) -> str:
    """Give the number of a jurisdiction's postal code. Raises ValueError for one that has none."""
    for iin, issuer in _ISSUERS.items():
        if issuer.jurisdiction == jurisdiction:
            return iin
    raise ValueError(f"no jurisdiction is called {jurisdiction!r}")


def _issuers(country: Literal["USA", "CAN"], table: str) -> dict[str, Issuer]:
    return {pair[2:]: Issuer(pair[:2], country) for pair in table.split()}


# aamva.org: Issuer Identification Numbers (IIN). Mexico's two are left out: they follow the standard but no test does.
_ISSUERS = {
    **_issuers(
        "USA",
        """
        AL636033 AK636059 AS604427 AZ636026 AR636021 CA636014 CO636020 CT636006 DC636043 DE636011 FL636010 GA636055
        GU636019 HI636047 ID636050 IL636035 IN636037 IA636018 KS636022 KY636046 LA636007 ME636041 MD636003 MA636002
        MI636032 MN636038 MP604430 MS636051 MO636030 MT636008 NE636054 NV636049 NH636039 NJ636036 NM636009 NY636001
        NC636004 ND636034 OH636023 OK636058 OR636029 PA636025 PR604431 RI636052 SC636005 SD636042 TN636053 TX636015
        UT636040 VT636024 VA636000 VI636062 WA636045 WV636061 WI636031 WY636060 US636027
        """,
    ),
    **_issuers(
        "CAN",
        """
        AB604432 BC636028 MB636048 NB636017 NL636016 NT604434 NS636013 NU604433 ON636012 PE604426 QC604428 SK636044
        YT604429
        """,
    ),
}
JURISDICTIONS = {issuer.jurisdiction: issuer.country for issuer in _ISSUERS.values()}
