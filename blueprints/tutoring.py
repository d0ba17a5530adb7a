"""Placeholder being written."""

from flask import Blueprint

bp = Blueprint("tutoring", __name__)
