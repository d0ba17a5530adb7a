"""What is known of somebody enrolled: each field, its table and how it is read."""

from rules.values import TYPES, Raw, Type, choice, parse_yes_no
from store.changes import Field
from store.models import Enrolment, Participant

FUNDINGS = {
    "employer": "employeur",
    "individual": "individuel",
    "cpf": "CPF",
    "opco": "OPCO",
    "france_travail": "France Travail",
}
#: What lists and forms call them too.
_FUNDING_WORDS = {
    "entreprise": "employer", "structure": "employer", "plan de développement des compétences": "employer",
    "autofinancement": "individual", "auto-financement": "individual", "personnel": "individual",
    "financement personnel": "individual", "à titre individuel": "individual", "compte personnel de formation": "cpf",
    "mon compte formation": "cpf", "opérateur de compétences": "opco", "Pôle emploi": "france_travail",
    "FT": "france_travail",
}
FIELDS = {
    "last_name": Field(Participant, "last_name", required=True),
    "first_name": Field(Participant, "first_name", required=True),
    "email": Field(Participant, "email"),
    "phone": Field(Participant, "phone"),
    "employer": Field(Enrolment, "employer"),
    "funding": Field(Enrolment, "funding"),
    "fees_paid_on": Field(Enrolment, "fees_paid_on"),
    "tariff": Field(Enrolment, "tariff"),
    "arrived_on": Field(Enrolment, "arrived_on"),
    "acknowledged_on": Field(Enrolment, "acknowledged_on"),
    "agreement_on": Field(Enrolment, "agreement_on"),
    "committed_on": Field(Enrolment, "committed_on"),
    "begins_on": Field(Enrolment, "begins_on"),
    "waiting": Field(Enrolment, "waiting"),
}


def _ticked(raw: Raw) -> str:
    """Read a yes; no and blank are the same: a place that was not put on the waiting list."""
    return "oui" if parse_yes_no(raw) == "oui" else ""


FIELD_TYPES: dict[str, Type] = {
    "last_name": TYPES["name"],
    "first_name": TYPES["name"],
    "email": TYPES["email"],
    "phone": TYPES["phone"],
    "employer": TYPES["text"],
    "funding": choice(FUNDINGS, also=_FUNDING_WORDS),
    "fees_paid_on": TYPES["date"],
    "tariff": TYPES["text"],
    "arrived_on": TYPES["date"],
    "acknowledged_on": TYPES["date"],
    "agreement_on": TYPES["date"],
    "committed_on": TYPES["date"],
    "begins_on": TYPES["date"],
    "waiting": Type("yes_no", _ticked, TYPES["yes_no"].show, TYPES["yes_no"].display),
}
