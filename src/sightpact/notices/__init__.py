"""Telling people: Web Push, e-mail, SMS and voice, with what became of each. Knows people; knows no camera and no agreement."""
