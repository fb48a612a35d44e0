"""Schools, their areas, and the cameras that see them. Written by `cameras/actions.py` alone."""

from __future__ import annotations

import uuid

from django.db import models

from sightpact.people.models import Party


class School(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=60)  # IANA zone; hours of day are local
    order = models.PositiveIntegerField(default=0)


class Area(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="areas")
    kind = models.CharField(max_length=30)  # one of decide.facts.AREA_KINDS
    name = models.CharField(max_length=120)
    floor = models.SmallIntegerField(default=1)


class Camera(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="cameras")
    areas = models.ManyToManyField(Area, related_name="cameras")  # none: not classified, and nobody sees it
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)  # "by room 114"
    tags = models.JSONField(default=list)  # list of strings
    address = models.CharField(max_length=500)  # rtsp:// or rtsps:// URL without credentials
    credentials = models.BinaryField(null=True)  # age, for the server's and the owner's recovery key
    in_service = models.BooleanField(default=True)
    standby = models.BooleanField(default=False)  # kept connected so that the first picture is quick
    drill_source = models.BooleanField(default=False)  # a simulated picture, for drills
    order = models.PositiveIntegerField(default=0)
