from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "sightpact.record"
    label = "record"
