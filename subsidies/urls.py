"""All addresses of the room, under the namespace `subsidies`."""

from . import urls_office, urls_town

app_name = "subsidies"
urlpatterns = [*urls_town.urls, *urls_office.urls]
