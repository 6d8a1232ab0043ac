"""Shapes carry meaning, numbers are written one way, errors come first and link to their field."""

from __future__ import annotations

from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from subsidies.rules.verdict import Finding, Judgement, Result
from subsidies.state_badges import Badge


def render(source: str, address: str = "/", **context: Any) -> str:
    request = RequestFactory().get(address)
    return Template("{% load crispy_forms_tags %}" + source).render(Context({"request": request} | context))


class CostForm(forms.Form):
    name = forms.CharField(label="取組の名称", help_text="40字以内")
    memo = forms.CharField(label="連絡", required=False, widget=forms.Textarea)
    field = forms.ChoiceField(label="分野", choices=[("a", "人材"), ("b", "防災")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="確かめました")
    estimate = forms.FileField(label="見積書", help_text="PDF")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


CostFormSet = forms.formset_factory(CostForm, extra=1)


@pytest.mark.parametrize(
    ("shape", "css"),
    [
        ("ours", "state"),
        ("them", "state state--them"),
        ("done", "state state--done"),
        ("late", "state state--late"),
        ("end", "state state--end"),
    ],
)
def test_the_shape_of_a_state_says_whose_turn_it_is(shape: str, css: str):
    wanted = f'<span class="{css}">審査中</span>'
    assert render('{% state "審査中" shape %}', shape=shape) == wanted
    assert render("{% state badge %}", badge=Badge("審査中", shape)) == wanted


@pytest.mark.parametrize("result", Result)
def test_every_result_has_a_shape_and_its_word(result: Result):
    drawn = render("{% mark result %}", result=result)
    assert result.label in drawn
    assert 'class="mark mark--' in drawn


@pytest.mark.parametrize(
    ("count", "drawn"),
    [(2, '<span class="mark mark--ng">2</span>'), (0, '<span class="zero">0</span>'), (None, '<span class="zero">－</span>')],
)  # fmt: skip
def test_none_is_not_zero(count: int | None, drawn: str):
    assert render('{% count_of "fail" count %}', count=count) == drawn


def test_what_a_person_typed_is_never_html():
    for source in ('{% state text "ours" %}', '{% mark "fail" text %}', "{% tag text %}", "{% crumb text %}"):
        assert "<b>" not in render(source, text="<b>太字</b>")


def test_a_finding_shows_requirement_id_result_numbers_and_source():
    finding = Finding(
        Result.FAIL,
        "あと1町村で1/2要件を満たします",
        rule="A-02",
        wording="国の制度を使えない町村が1/2以上",
        source="報告（令和6年3月）表4",
        compared=(("国の制度を使えない町村", "2／5"),),
    )
    drawn = render('{% include "components/rule.html" %}', finding=finding)
    for text in ("国の制度を使えない町村が1/2以上", "A-02", "不適合", "あと1町村で", "2／5", "出典：報告"):
        assert text in drawn


def test_a_judged_finding_shows_who_judged_and_why():
    judgement = Judgement("A-09", True, "職員の育成を行うもの。", by="審査担当", office="空知総合振興局")
    finding = Finding(Result.PASS, "判断済み", rule="A-09", wording="基幹的な行政サービス", judgement=judgement)
    drawn = render('{% include "components/rule.html" %}', finding=finding)
    assert "judge--done" in drawn
    assert "空知総合振興局 審査担当" in drawn


def test_the_pager_keeps_the_filters_and_names_the_rows():
    page = Paginator(range(53), 20).get_page(2)
    drawn = render("{% pager page %}", "/?state=late&page=2", page=page)
    assert "53件中 21–40件" in drawn
    assert 'href="?state=late&amp;page=3"' in drawn
    assert '<span aria-current="page">2</span>' in drawn


def test_one_page_needs_no_links():
    assert "<a " not in render("{% pager page %}", page=Paginator(range(3), 20).get_page(1))


def test_a_sorted_head_says_how_and_turns_round():
    once = render('{% sort_head "金額" "yen" num=True %}', "/?show=late&page=3")
    assert once == '<th scope="col" class="num"><a href="?show=late&amp;sort=yen">金額</a></th>'
    twice = render('{% sort_head "金額" "yen" %}', "/?sort=yen")
    assert twice == '<th scope="col" aria-sort="ascending"><a href="?sort=-yen">金額</a></th>'


def form_html(data: dict[str, str] | None = None, layout: Layout | None = None) -> str:
    form = CostForm(data)
    form.helper = FormHelper()
    form.helper.layout = layout
    form.helper.add_input(Submit("save", "保存する"))
    return render("{% crispy form %}", form=form)


def test_required_and_optional_are_said_in_words():
    drawn = form_html()
    assert drawn.count("※必須") == 4
    assert drawn.count("任意") == 1


def test_the_hint_stands_before_the_input_and_the_error_after_it():
    drawn = form_html({"memo": ""})
    hint, field, error = (drawn.index(text) for text in ("40字以内", 'name="name"', 'id="id_name_error"'))
    assert hint < field < error


def test_an_input_names_its_hint_and_its_error():
    drawn = form_html({"memo": ""})
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_errors_come_first_say_what_to_do_and_link_to_the_field():
    drawn = form_html({"memo": ""})
    assert drawn.index("4か所を直してください") < drawn.index('name="name"')
    for target, text in (
        ("id_name", "取組の名称：入力してください。"),
        ("id_field_0", "分野：選んでください。"),
        ("id_agreed", "確かめました：確かめて、印を付けてください。"),
        ("id_estimate", "見積書：添付してください。"),
    ):
        assert f'<a href="#{target}">{text}</a>' in drawn
        assert f'id="{target}"' in drawn, "the link lands somewhere"


def test_choices_stand_in_a_fieldset_with_a_legend():
    drawn = form_html()
    assert "<legend" in drawn
    assert drawn.count('type="radio"') == 2


def test_a_form_with_a_file_can_carry_it():
    assert 'enctype="multipart/form-data"' in form_html()
    assert 'class="drop"' in form_html()


def test_a_layout_keeps_its_parts():
    drawn = form_html(layout=Layout(Fieldset("基本情報", Row("name", "memo")), "field", "agreed", "estimate"))
    assert "<legend>基本情報</legend>" in drawn
    assert 'class="form__row"' in drawn


def test_a_grid_names_row_and_column_of_every_input():
    formset = CostFormSet({"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "", "form-0-memo": "x"})
    formset.helper = FormHelper()
    formset.helper.template = "portal/table_inline_formset.html"
    formset.helper.caption = "経費"
    drawn = render("{% crispy formset %}", formset=formset)
    assert "2行目 取組の名称" in drawn
    assert "1行目　取組の名称：入力してください。" in drawn
    assert "<caption>経費</caption>" in drawn
    assert 'name="form-TOTAL_FORMS"' in drawn


def test_a_form_looks_the_same_without_crispy():
    drawn = str(CostForm({"memo": ""}))
    assert "4か所を直してください" in drawn
    assert "※必須" in drawn


def test_no_page_template_carries_style_or_script_of_its_own():
    from pathlib import Path

    found = [
        str(path)
        for path in Path("templates").rglob("*.html")
        if "documents" not in path.parts
        and any(
            mark in path.read_text() for mark in (" style=", "<style", "<script>", "onclick=", "javascript:", "hx-on")
        )
    ]
    assert not found
