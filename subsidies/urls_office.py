"""Addresses of the prefectural side: queue, review, decision."""

from django.urls import URLPattern

urls: list[URLPattern] = []
