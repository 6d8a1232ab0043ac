"""The six steps in which towns write an application."""

from django.urls import path

from .basic import BasicView
from .confirm import ConfirmView
from .costs import CostsView
from .forms_out import draft_form
from .item import ItemView, draft_item
from .kpi import KpiView
from .members import MembersView
from .projects import ProjectsView
from .resume import draft_resume

_EDIT = "applications/<int:pk>/edit/"
urls = [
    path(_EDIT, draft_resume, name="draft_resume"),
    path(f"{_EDIT}basic/", BasicView.as_view(), name="draft_basic"),
    path(f"{_EDIT}members/", MembersView.as_view(), name="draft_members"),
    path(f"{_EDIT}projects/", ProjectsView.as_view(), name="draft_projects"),
    path(f"{_EDIT}costs/", CostsView.as_view(), name="draft_costs"),
    path(f"{_EDIT}kpi/", KpiView.as_view(), name="draft_kpi"),
    path(f"{_EDIT}confirm/", ConfirmView.as_view(), name="draft_confirm"),
    path(f"{_EDIT}form/<slug:step>/", draft_form, name="draft_form"),
    path(f"{_EDIT}item/", draft_item, name="draft_item"),
    path(f"{_EDIT}item/<int:item>/", ItemView.as_view(), name="draft_item_edit"),
]
