from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "sightpact.ledger"
    label = "ledger"
