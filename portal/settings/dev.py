"""A developer's machine and the demo: `make run`."""

from .base import *  # noqa: F403
from .base import env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="only-for-development-never-in-production")
ALLOWED_HOSTS = ["*"]
