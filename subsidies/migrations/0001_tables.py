"""The tables of the room in one step; a database that went through the steps before stays as it is (0042)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("subsidies", "0001_initial"),
        ("subsidies", "0002_delegation"),
        ("subsidies", "0003_objection"),
        ("subsidies", "0004_apply_by"),
        ("subsidies", "0005_rule_studio"),
        ("subsidies", "0006_budget_simulations"),
        ("subsidies", "0008_batch_work"),
        ("subsidies", "0009_after_the_work"),
        ("subsidies", "0010_changes_of_a_grant"),
        ("subsidies", "0011_claims_in_preparation"),
        ("subsidies", "0012_progress_and_evidence"),
        ("subsidies", "0013_reminders_have_one_home"),
        ("subsidies", "0014_revocation_and_findings"),
        ("subsidies", "0015_payments_in_a_batch"),
        ("subsidies", "0016_packages"),
        ("subsidies", "0017_answers_after_the_support"),
        ("subsidies", "0018_what_a_change_waits_for"),
        ("subsidies", "0019_what_stays_of_an_erased_case"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0006_mail_in_each_persons_rhythm"),
        ("municipalities", "0003_acting_heads"),
        ("regions", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Program",
            fields=[
                ("code", models.SlugField(max_length=30, primary_key=True, serialize=False, verbose_name="コード")),
                (
                    "prefecture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="municipalities.prefecture",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("short_name", models.CharField(max_length=20, verbose_name="略称")),
                ("umbrella", models.CharField(blank=True, max_length=60, verbose_name="総称する交付金")),
                ("purpose", models.TextField(blank=True, verbose_name="目的")),
                ("demonstration", models.BooleanField(default=False, verbose_name="デモ用の例")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="表示順")),
            ],
            options={
                "verbose_name": "支援制度",
                "verbose_name_plural": "支援制度",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="RuleSetVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulesets",
                        to="subsidies.program",
                        verbose_name="制度",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="版")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "案"),
                            ("proposed", "決裁待ち"),
                            ("published", "公開"),
                            ("withdrawn", "撤回"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("content", models.JSONField(verbose_name="ルール")),
                ("effective_from_fy", models.PositiveSmallIntegerField(verbose_name="適用開始年度")),
                (
                    "effective_to_fy",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="適用終了年度"),
                ),
                ("note", models.TextField(blank=True, verbose_name="備考")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公開日時")),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公開者",
                    ),
                ),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="subsidies.rulesetversion",
                        verbose_name="もとにした版",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="保存の回数")),
                (
                    "writers",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="作成者"
                    ),
                ),
            ],
            options={
                "verbose_name": "ルールの版",
                "verbose_name_plural": "ルールの版",
                "ordering": ["program", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "version"), name="ruleset_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_to_fy", None),
                            ("effective_to_fy__gte", models.F("effective_from_fy")),
                            _connector="OR",
                        ),
                        name="ruleset_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ruleset_published_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="subsidies.program",
                        verbose_name="制度",
                    ),
                ),
                (
                    "ruleset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="subsidies.rulesetversion",
                        verbose_name="ルール",
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="回")),
                (
                    "phases",
                    models.CharField(
                        choices=[("both", "要望＋交付申請"), ("grant_only", "交付申請のみ")],
                        default="grant_only",
                        max_length=10,
                        verbose_name="段階",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("preparing", "準備"), ("open", "公開"), ("closed", "締切"), ("completed", "完了")],
                        default="preparing",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="受付開始日")),
                ("closes_on", models.DateField(verbose_name="締切日")),
                ("decision_expected_on", models.DateField(blank=True, null=True, verbose_name="交付決定の見込日")),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.populationseries",
                        verbose_name="将来推計の版",
                    ),
                ),
                ("required_documents", models.JSONField(blank=True, default=list, verbose_name="必要書類")),
                ("number_prefix", models.CharField(blank=True, max_length=20, verbose_name="申請番号の記号")),
            ],
            options={
                "verbose_name": "募集",
                "verbose_name_plural": "募集",
                "ordering": ["-fiscal_year", "program", "round"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "fiscal_year", "round"), name="call_round_once"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))), name="call_closes_after_it_opens"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="subsidies.call",
                        verbose_name="募集",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="regions.region",
                        verbose_name="連携地域",
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("serial", models.PositiveIntegerField(verbose_name="通し番号")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="申請番号")),
                (
                    "phase",
                    models.CharField(
                        choices=[("request", "要望"), ("grant", "交付申請")],
                        default="grant",
                        max_length=8,
                        verbose_name="段階",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "作成中"),
                            ("preconsult", "事前協議中"),
                            ("consent", "同意確認中"),
                            ("ready", "提出可"),
                            ("submitted", "提出済"),
                            ("bureau_review", "振興局審査中"),
                            ("returned", "補正依頼"),
                            ("hq_review", "本庁審査中"),
                            ("approval", "決裁中"),
                            ("selected", "内定"),
                            ("not_selected", "不採択"),
                            ("refused", "不交付"),
                            ("withdrawn", "取下げ"),
                            ("lapsed", "失効"),
                            ("granted", "交付決定済"),
                            ("running", "実施中"),
                            ("change_review", "変更審査中"),
                            ("delay_review", "遅延報告確認中"),
                            ("stop_review", "中止・廃止審査中"),
                            ("suspended", "中止"),
                            ("discontinued", "廃止"),
                            ("report_due", "実績報告待ち"),
                            ("report_overdue", "実績報告未提出"),
                            ("reported", "報告済"),
                            ("report_returned", "報告の補正依頼"),
                            ("inspected", "検査済"),
                            ("fixed", "額の確定"),
                            ("settled", "精算済"),
                            ("return_ordered", "返還命令中"),
                            ("revoked", "取消"),
                            ("closed", "完結"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="状態",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                (
                    "applicant_kind",
                    models.CharField(
                        choices=[
                            ("municipalities", "構成市町村の連名"),
                            ("council", "協議会"),
                            ("partial_association", "一部事務組合"),
                            ("wide_area_union", "広域連合"),
                        ],
                        default="municipalities",
                        max_length=24,
                        verbose_name="申請主体",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="代表市町村",
                    ),
                ),
                (
                    "lead_bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="municipalities.bureau",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=100, verbose_name="事業名")),
                ("purpose", models.TextField(blank=True, verbose_name="目的")),
                ("plan", models.TextField(blank=True, verbose_name="事業の内容")),
                ("start_on", models.DateField(blank=True, null=True, verbose_name="開始日")),
                ("end_on", models.DateField(blank=True, null=True, verbose_name="完了予定日")),
                (
                    "early_start",
                    models.CharField(
                        choices=[("none", "なし"), ("filed", "届出済（未承認）"), ("approved", "承認済")],
                        default="none",
                        max_length=8,
                        verbose_name="事前着手",
                    ),
                ),
                (
                    "other_subsidy",
                    models.BooleanField(blank=True, null=True, verbose_name="同じ経費に他の補助金がある"),
                ),
                ("other_subsidy_note", models.CharField(blank=True, max_length=200, verbose_name="他の補助金の内容")),
                ("cost_sharing_note", models.TextField(blank=True, verbose_name="費用負担・役割分担の考え方")),
                ("self_running_plan", models.TextField(blank=True, verbose_name="支援終了後の見通し")),
                ("subgroup_name", models.CharField(blank=True, max_length=60, verbose_name="部会の名称")),
                ("subgroup_decided_on", models.DateField(blank=True, null=True, verbose_name="部会の決定日")),
                ("requested_yen", models.PositiveBigIntegerField(default=0, verbose_name="申請額（円）")),
                ("lead_document_no", models.CharField(blank=True, max_length=40, verbose_name="申請文書の番号")),
                ("declared", models.BooleanField(default=False, verbose_name="誓約")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提出日時")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出者",
                    ),
                ),
                ("late_admitted", models.BooleanField(default=False, verbose_name="締切後の受理")),
                ("late_reason", models.CharField(blank=True, max_length=200, verbose_name="締切後に受理した理由")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="受付日")),
                ("receipt_number", models.CharField(blank=True, max_length=60, verbose_name="収受番号")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="次の期限")),
                ("state_since", models.DateTimeField(verbose_name="現在の状態になった日時")),
                (
                    "proposed_yen",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="交付予定額（円）"),
                ),
                ("selected_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="内定額（円）")),
                ("granted_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="交付決定額（円）")),
                ("finished_on", models.DateField(blank=True, null=True, verbose_name="事業完了日")),
                ("fixed_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="確定額（円）")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="完結日")),
                ("carried_over", models.BooleanField(default=False, verbose_name="翌年度への繰越")),
                ("erased_on", models.DateField(blank=True, null=True, verbose_name="内容を廃棄した日")),
                ("fail_count", models.PositiveSmallIntegerField(default=0, verbose_name="不適合")),
                ("judge_count", models.PositiveSmallIntegerField(default=0, verbose_name="要判断")),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="subsidies.application",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                ("updated_at", models.DateTimeField(verbose_name="更新日時")),
            ],
            options={
                "verbose_name": "申請",
                "verbose_name_plural": "申請",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="application_state_due"),
                    models.Index(fields=["lead_bureau", "state"], name="application_bureau_state"),
                    models.Index(fields=["fiscal_year", "-id"], name="application_year"),
                    models.Index(fields=["region", "fiscal_year"], name="application_region_year"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "serial"), name="application_serial_once_in_call"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at", None), ("submitted_by", None)),
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="application_submitted_at_and_by_go_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("start_on", None), ("end_on", None), ("end_on__gte", models.F("start_on")), _connector="OR"
                        ),
                        name="application_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "running", "settled", "closed"]), _negated=True),
                            ("granted_yen__isnull", False),
                            _connector="OR",
                        ),
                        name="application_granted_has_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["fixed", "settled", "closed"]), _negated=True),
                            ("fixed_yen__isnull", False),
                            _connector="OR",
                        ),
                        name="application_settled_has_its_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("receipt_number", ""), ("received_on", None)),
                            models.Q(("received_on__isnull", False), models.Q(("receipt_number", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="application_receipt_has_day_and_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evaluations",
                        to="subsidies.application",
                    ),
                ),
                (
                    "ruleset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subsidies.rulesetversion"
                    ),
                ),
                ("stages", models.JSONField(verbose_name="判定した段階")),
                ("facts", models.JSONField(verbose_name="判定に使った事実")),
                ("findings", models.JSONField(verbose_name="判定")),
                ("result", models.CharField(max_length=16, verbose_name="結果")),
                ("fail_count", models.PositiveSmallIntegerField(default=0)),
                ("judge_count", models.PositiveSmallIntegerField(default=0)),
                ("no_data_count", models.PositiveSmallIntegerField(default=0)),
                ("warn_count", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(verbose_name="判定日時")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "判定",
                "verbose_name_plural": "判定",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ApplicationProject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="subsidies.application"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="application_items",
                        to="regions.project",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="順")),
                ("scale", models.CharField(blank=True, max_length=200, verbose_name="規模・回数")),
                ("content", models.TextField(blank=True, verbose_name="今年度の内容")),
                (
                    "assignees",
                    models.ManyToManyField(
                        blank=True,
                        related_name="assigned_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="担当する事業担当者",
                    ),
                ),
            ],
            options={
                "verbose_name": "申請する取組",
                "verbose_name_plural": "申請する取組",
                "ordering": ["application", "order", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "project"), name="application_asks_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalRoute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="routes", to="subsidies.application"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("select", "内定"),
                            ("not_select", "不採択"),
                            ("grant", "交付決定"),
                            ("refuse", "不交付決定"),
                        ],
                        max_length=12,
                        verbose_name="処分",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("circulating", "決裁中"), ("approved", "決裁済"), ("sent_back", "差戻し")],
                        default="circulating",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="件名")),
                ("plan", models.TextField(verbose_name="処分の案・理由")),
                ("conditions", models.TextField(blank=True, verbose_name="付ける条件")),
                ("amount_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="金額（円）")),
                ("classification", models.CharField(blank=True, max_length=60, verbose_name="分類")),
                ("retention_years", models.PositiveSmallIntegerField(verbose_name="保存年数")),
                ("external_number", models.CharField(blank=True, max_length=60, verbose_name="文書管理番号")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起案者",
                    ),
                ),
                ("drafted_who", models.CharField(max_length=200, verbose_name="起案者の所属・氏名")),
                ("drafted_at", models.DateTimeField(verbose_name="起案日時")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
            ],
            options={
                "verbose_name": "起案",
                "verbose_name_plural": "起案",
                "ordering": ["application", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "circulating")),
                        fields=("application",),
                        name="one_draft_in_circulation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act__in", ["grant", "select"]), _negated=True),
                            ("amount_yen__isnull", False),
                            _connector="OR",
                        ),
                        name="a_grant_draft_has_an_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "route",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="subsidies.approvalroute"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="順")),
                (
                    "kind",
                    models.CharField(
                        choices=[("concur", "合議"), ("decide", "決裁")], max_length=8, verbose_name="区分"
                    ),
                ),
                ("office_key", models.CharField(max_length=100, verbose_name="所属")),
                ("duty", models.CharField(max_length=2, verbose_name="役割")),
                ("label", models.CharField(max_length=100, verbose_name="表示名")),
                (
                    "result",
                    models.CharField(
                        choices=[("waiting", "未"), ("agreed", "同意"), ("objected", "異議"), ("sent_back", "差戻し")],
                        default="waiting",
                        max_length=10,
                        verbose_name="結果",
                    ),
                ),
                ("acting", models.BooleanField(default=False, verbose_name="代決")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=200, verbose_name="氏名")),
                ("at", models.DateTimeField(blank=True, null=True, verbose_name="日時")),
                ("comment", models.TextField(blank=True, verbose_name="意見")),
            ],
            options={
                "verbose_name": "決裁の段",
                "verbose_name_plural": "決裁の段",
                "ordering": ["route", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("route", "order"), name="approval_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("at", None), ("by", None), ("result", "waiting")),
                            models.Q(
                                models.Q(("result", "waiting"), _negated=True),
                                ("at__isnull", False),
                                ("by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="approval_step_result_names_person_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", "objected"), _negated=True),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_step_objection_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("receive", "受付"),
                            ("forward", "進達"),
                            ("return", "差戻し"),
                            ("draft", "起案"),
                            ("approve", "決裁"),
                            ("pay", "支払の記録"),
                        ],
                        max_length=8,
                        verbose_name="処理",
                    ),
                ),
                ("parameters", models.JSONField(default=dict, verbose_name="入力")),
                ("office_key", models.CharField(max_length=40, verbose_name="所属")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="処理した人",
                    ),
                ),
                ("who", models.CharField(max_length=200, verbose_name="処理した人の所属・氏名")),
                ("at", models.DateTimeField(verbose_name="日時")),
            ],
            options={
                "verbose_name": "まとめて処理",
                "verbose_name_plural": "まとめて処理",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="subsidies.batch"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="subsidies.application"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待機中"),
                            ("done", "済"),
                            ("refused", "できません"),
                            ("undone", "取り消しました"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="結果",
                    ),
                ),
                ("message", models.TextField(blank=True, verbose_name="内容")),
                ("at", models.DateTimeField(blank=True, null=True, verbose_name="処理日時")),
            ],
            options={
                "verbose_name": "まとめて処理の行",
                "verbose_name_plural": "まとめて処理の行",
                "ordering": ["batch", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "application"), name="application_once_in_batch"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("at", None), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("at__isnull", False)),
                            _connector="OR",
                        ),
                        name="batch_row_result_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetSimulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="simulations",
                        to="subsidies.call",
                        verbose_name="募集",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("note", models.TextField(blank=True, verbose_name="考え方")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("full", "満額"),
                            ("pro_rata", "按分"),
                            ("priority", "優先度順"),
                            ("level", "上限をそろえる"),
                            ("hand", "手で入力"),
                        ],
                        max_length=10,
                        verbose_name="方法",
                    ),
                ),
                ("partial", models.BooleanField(default=True, verbose_name="満額に足りない申請にも残りを配る")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "検討中"),
                            ("adopted", "採用"),
                            ("superseded", "採用（差替え済）"),
                            ("discarded", "破棄"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                ("created_who", models.CharField(max_length=200, verbose_name="作成者の所属・氏名")),
                ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                ("adopted_at", models.DateTimeField(blank=True, null=True, verbose_name="採用日時")),
                (
                    "adopted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="採用者",
                    ),
                ),
                ("adopted_who", models.CharField(blank=True, max_length=200, verbose_name="採用者の所属・氏名")),
                (
                    "authors",
                    models.ManyToManyField(
                        related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="作成に関わった人"
                    ),
                ),
            ],
            options={
                "verbose_name": "配分案（庁内限り）",
                "verbose_name_plural": "配分案（庁内限り）",
                "ordering": ["call", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "adopted")),
                        fields=("call",),
                        name="one_adopted_simulation_of_a_call",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "discarded"), _negated=True),
                        fields=("call", "name"),
                        name="simulation_name_once_in_call",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="simulation_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("adopted_at", None), ("adopted_by", None), ("state__in", ["open", "discarded"])),
                            models.Q(
                                ("adopted_at__isnull", False),
                                ("adopted_by__isnull", False),
                                ("state__in", ["adopted", "superseded"]),
                            ),
                            _connector="OR",
                        ),
                        name="simulation_adopted_at_and_by_go_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallAllotment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allotments",
                        to="subsidies.call",
                        verbose_name="募集",
                    ),
                ),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allotments",
                        to="municipalities.bureau",
                    ),
                ),
                ("amount_yen", models.PositiveBigIntegerField(verbose_name="配当額（円）")),
                ("committed_yen", models.PositiveBigIntegerField(default=0, verbose_name="決定済（円）")),
            ],
            options={
                "verbose_name": "配当",
                "verbose_name_plural": "配当",
                "ordering": ["call", "bureau"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "bureau"), name="allotment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("committed_yen__lte", models.F("amount_yen"))),
                        name="never_commit_over_allotment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "allotment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="subsidies.callallotment",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_entries",
                        to="subsidies.application",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("commit", "交付決定"), ("increase", "変更による増額"), ("release", "取下げ・減額")],
                        max_length=8,
                        verbose_name="区分",
                    ),
                ),
                ("amount_yen", models.BigIntegerField(help_text="解除は負の数", verbose_name="金額（円）")),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "予算の記帳",
                "verbose_name_plural": "予算の記帳",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "commit")),
                        fields=("application",),
                        name="an_application_commits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_yen__gt", 0), ("kind__in", ["commit", "increase"])),
                            models.Q(("amount_yen__lt", 0), ("kind", "release")),
                            _connector="OR",
                        ),
                        name="budget_entry_sign_fits_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="subsidies.application"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="開いた人",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="開いた日時")),
            ],
            options={
                "verbose_name": "起案の閲覧",
                "verbose_name_plural": "起案の閲覧",
                "ordering": ["application", "user"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "user"), name="opening_once_per_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="subsidies.application",
                    ),
                ),
                (
                    "route",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="subsidies.approvalroute",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("selected", "内定"),
                            ("not_selected", "不採択"),
                            ("granted", "交付決定"),
                            ("refused", "不交付決定"),
                            ("fixed", "額の確定"),
                            ("return", "返還命令"),
                            ("changed", "変更承認"),
                            ("suspended", "中止承認"),
                            ("discontinued", "廃止承認"),
                            ("revoked", "取消"),
                        ],
                        max_length=14,
                        verbose_name="区分",
                    ),
                ),
                ("amount_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="金額（円）")),
                ("conditions", models.TextField(blank=True, verbose_name="条件")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("apply_by", models.DateField(blank=True, null=True, verbose_name="交付申請の期限")),
                ("decided_on", models.DateField(verbose_name="決定日")),
                ("decided_at", models.DateTimeField(verbose_name="決定日時")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="決裁者",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.documentissue",
                        verbose_name="通知書",
                    ),
                ),
                ("letter_number", models.CharField(blank=True, max_length=60, verbose_name="通知書の番号")),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="subsidies.decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "決定",
                "verbose_name_plural": "決定",
                "ordering": ["application", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("superseded_by", None),
                            models.Q(("kind__in", ["revoked", "return", "changed", "suspended"]), _negated=True),
                        ),
                        fields=("application", "kind"),
                        name="one_valid_decision_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["granted", "selected", "fixed", "return", "changed", "revoked"]),
                                _negated=True,
                            ),
                            ("amount_yen__isnull", False),
                            _connector="OR",
                        ),
                        name="a_grant_decision_has_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["refused", "not_selected"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_refusal_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="subsidies.application"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("change", "変更"),
                            ("light", "軽微な変更"),
                            ("suspend", "中止"),
                            ("discontinue", "廃止"),
                            ("delay", "遅延"),
                        ],
                        max_length=12,
                        verbose_name="区分",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "作成中"),
                            ("submitted", "審査中"),
                            ("returned", "補正依頼"),
                            ("approved", "承認"),
                            ("filed", "届出済"),
                            ("refused", "不承認"),
                            ("withdrawn", "取下げ"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("before", models.JSONField(verbose_name="変更前")),
                ("after", models.JSONField(verbose_name="変更後")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="変更・中止・廃止の日")),
                ("work_done", models.TextField(blank=True, verbose_name="これまでに実施した内容")),
                (
                    "spent_yen",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="これまでに要した経費（円）"),
                ),
                ("outlook", models.TextField(blank=True, verbose_name="今後の見通し")),
                ("document_no", models.CharField(blank=True, max_length=40, verbose_name="文書番号")),
                ("consents", models.JSONField(default=dict, verbose_name="構成市町村の同意")),
                ("began_from", models.CharField(blank=True, max_length=20, verbose_name="申請したときの状態")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                ("saved_at", models.DateTimeField(verbose_name="保存日時")),
                ("handed_at", models.DateTimeField(blank=True, null=True, verbose_name="承認者へ回した日時")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提出日時")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出者",
                    ),
                ),
                ("finding", models.JSONField(blank=True, null=True, verbose_name="軽微かどうかの判定")),
                ("return_reason", models.TextField(blank=True, verbose_name="補正してほしいこと")),
                ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="差戻し日時")),
                ("opinion", models.TextField(blank=True, verbose_name="振興局の意見")),
                ("opinion_fits", models.BooleanField(blank=True, null=True, verbose_name="適当と認める")),
                (
                    "opinion_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="意見を書いた人",
                    ),
                ),
                (
                    "opinion_who",
                    models.CharField(blank=True, max_length=200, verbose_name="意見を書いた人の所属・氏名"),
                ),
                ("opinion_at", models.DateTimeField(blank=True, null=True, verbose_name="意見の日時")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="決定・届出の日時")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="決裁者",
                    ),
                ),
                ("closed_who", models.CharField(blank=True, max_length=200, verbose_name="決裁者の所属・氏名")),
                ("answer", models.TextField(blank=True, verbose_name="決裁者の意見・承認しない理由")),
                ("crosses_year", models.BooleanField(default=False, verbose_name="完了予定日が年度の末日を過ぎる")),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change",
                        to="subsidies.decision",
                        verbose_name="決定",
                    ),
                ),
            ],
            options={
                "verbose_name": "変更・中止・遅延",
                "verbose_name_plural": "変更・中止・遅延",
                "ordering": ["application", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="change_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "submitted", "returned"))),
                        fields=("application",),
                        name="one_open_change_of_an_application",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "withdrawn"]),
                            models.Q(
                                ("submitted_at__isnull", False),
                                ("submitted_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_submitted_change_names_time_person_and_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opinion", ""), ("opinion_by", None)),
                            models.Q(models.Q(("opinion", ""), _negated=True), ("opinion_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_change_opinion_names_its_writer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "filed", "refused"]), _negated=True),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_closed_change_names_time_and_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_refused_change_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "refused"]), _negated=True),
                            models.Q(("opinion_by", models.F("closed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="who_wrote_the_opinion_does_not_decide",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="subsidies.changerequest",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="版")),
                ("data", models.JSONField(verbose_name="内容")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.documentissue",
                        verbose_name="申請書",
                    ),
                ),
            ],
            options={
                "verbose_name": "提出した変更の内容",
                "verbose_name_plural": "提出した変更の内容",
                "ordering": ["change", "version"],
                "constraints": [models.UniqueConstraint(fields=("change", "version"), name="change_version_once")],
            },
        ),
        migrations.CreateModel(
            name="CorrectionRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="subsidies.application"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="回")),
                ("office_key", models.CharField(max_length=40, verbose_name="差し戻した所属")),
                ("returned_from", models.CharField(max_length=20, verbose_name="差戻し前の状態")),
                ("due_on", models.DateField(verbose_name="期限")),
                ("message", models.TextField(blank=True, verbose_name="伝えること")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("resubmitted_at", models.DateTimeField(blank=True, null=True, verbose_name="再提出日時")),
                ("reminded_on", models.DateField(blank=True, null=True, verbose_name="督促日")),
            ],
            options={
                "verbose_name": "補正依頼",
                "verbose_name_plural": "補正依頼",
                "ordering": ["application", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="correction_round_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="subsidies.correctionround",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("basic", "基本情報"),
                            ("members", "構成市町村"),
                            ("projects", "取組・分野"),
                            ("costs", "経費"),
                            ("kpi", "KPI"),
                            ("documents", "添付書類"),
                        ],
                        max_length=10,
                        verbose_name="箇所",
                    ),
                ),
                ("rule", models.CharField(blank=True, max_length=8, verbose_name="関係するルール")),
                ("text", models.TextField(verbose_name="補正してほしいこと")),
                ("answer", models.TextField(blank=True, verbose_name="回答")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回答者",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回答日時")),
            ],
            options={
                "verbose_name": "補正項目",
                "verbose_name_plural": "補正項目",
                "ordering": ["round", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="correction_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="correction_answer_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="costs", to="subsidies.application"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="行番号")),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.project",
                        verbose_name="取組",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="負担市町村",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("reward", "報償費"),
                            ("travel", "旅費"),
                            ("supplies", "需用費"),
                            ("services", "役務費"),
                            ("commission", "委託料"),
                            ("rent", "使用料"),
                            ("construction", "工事請負費"),
                            ("equipment", "備品購入費"),
                            ("contribution", "負担金"),
                            ("other", "その他"),
                        ],
                        max_length=12,
                        verbose_name="節",
                    ),
                ),
                ("description", models.CharField(max_length=200, verbose_name="内容")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="単位")),
                ("unit_price_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="単価（円）")),
                ("amount_yen", models.PositiveBigIntegerField(verbose_name="金額（円）")),
                ("eligible_yen", models.PositiveBigIntegerField(verbose_name="対象額（円）")),
                ("is_hard", models.BooleanField(default=False, verbose_name="ハード")),
                ("other_subsidy", models.BooleanField(default=False, verbose_name="他の補助金")),
            ],
            options={
                "verbose_name": "経費",
                "verbose_name_plural": "経費",
                "ordering": ["application", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="cost_line_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("eligible_yen__lte", models.F("amount_yen"))),
                        name="eligible_is_part_of_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="municipalities.municipality",
                        verbose_name="委任した市町村",
                    ),
                ),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="municipalities.bureau",
                        verbose_name="委任を受けた振興局",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                        verbose_name="連携地域",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="subsidies.application",
                        verbose_name="申請",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="開始日")),
                ("to_on", models.DateField(verbose_name="終了日")),
                ("reason", models.TextField(verbose_name="理由")),
                ("granted_at", models.DateTimeField(verbose_name="委任した日時")),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="委任した人",
                    ),
                ),
                ("granted_who", models.CharField(max_length=200, verbose_name="委任した人（所属・氏名）")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="取り消した日時")),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取り消した人",
                    ),
                ),
                (
                    "withdrawn_who",
                    models.CharField(blank=True, max_length=200, verbose_name="取り消した人（所属・氏名）"),
                ),
            ],
            options={
                "verbose_name": "代理入力の委任",
                "verbose_name_plural": "代理入力の委任",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["bureau", "municipality"], name="delegation_bureau_town")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_on__gte", models.F("from_on"))), name="delegation_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("region", None), ("application", None), _connector="OR"),
                        name="delegation_names_a_region_or_an_application",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="delegation_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_who", "")),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_who", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="delegation_withdrawn_names_moment_and_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="subsidies.application"
                    ),
                ),
                ("rule", models.CharField(max_length=20, verbose_name="要件")),
                ("title", models.CharField(max_length=200, verbose_name="要件の名称")),
                ("before", models.JSONField(verbose_name="決定時の判定")),
                ("now", models.JSONField(verbose_name="現在の判定")),
                ("digest", models.CharField(max_length=64, verbose_name="判定の照合値")),
                ("found_at", models.DateTimeField(verbose_name="見つけた日時")),
                ("gone_at", models.DateTimeField(blank=True, null=True, verbose_name="解消した日時")),
                (
                    "conclusion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_action", "対応を要しない"),
                            ("ask_lead", "代表市町村に確認する"),
                            ("change", "変更の手続を求める"),
                            ("revoke", "取消しの手続を検討する"),
                        ],
                        max_length=10,
                        verbose_name="結論",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="結論の理由")),
                (
                    "concluded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="確認者",
                    ),
                ),
                ("concluded_who", models.CharField(blank=True, max_length=200, verbose_name="確認者の所属・氏名")),
                ("concluded_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
            ],
            options={
                "verbose_name": "所見",
                "verbose_name_plural": "所見",
                "ordering": ["application", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "digest"), name="finding_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("conclusion", ""),
                            models.Q(models.Q(("note", ""), _negated=True), ("concluded_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="finding_concluded_says_why_and_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="regions.project",
                        verbose_name="取組",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="subsidies.application",
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("continues", models.BooleanField(blank=True, null=True, verbose_name="続いている")),
                ("funding", models.CharField(blank=True, max_length=200, verbose_name="財源")),
                ("staffing", models.CharField(blank=True, max_length=200, verbose_name="体制")),
                ("obstacles", models.TextField(blank=True, verbose_name="課題")),
                ("national_scheme", models.BooleanField(default=False, verbose_name="国の制度へ移行")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="版")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回答日時")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回答者",
                    ),
                ),
                ("answered_who", models.CharField(blank=True, max_length=200, verbose_name="回答者の所属・氏名")),
                ("comment", models.TextField(blank=True, verbose_name="振興局のコメント")),
                ("commented_who", models.CharField(blank=True, max_length=200, verbose_name="コメントした人")),
                ("commented_on", models.DateField(blank=True, null=True, verbose_name="コメント日")),
            ],
            options={
                "verbose_name": "支援後の状況",
                "verbose_name_plural": "支援後の状況",
                "ordering": ["project", "fiscal_year"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "fiscal_year"), name="follow_up_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None),
                            models.Q(("answered_by__isnull", False), ("continues__isnull", False)),
                            _connector="OR",
                        ),
                        name="follow_up_answered_says_whether_it_goes_on",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomeLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="incomes", to="subsidies.application"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="行番号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("burden", "市町村負担金"),
                            ("fee", "参加費・利用料"),
                            ("subsidy", "他の補助金"),
                            ("other", "その他"),
                        ],
                        max_length=10,
                        verbose_name="区分",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="市町村",
                    ),
                ),
                ("description", models.CharField(max_length=200, verbose_name="内容")),
                ("amount_yen", models.PositiveBigIntegerField(verbose_name="金額（円）")),
            ],
            options={
                "verbose_name": "収入",
                "verbose_name_plural": "収入",
                "ordering": ["application", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="income_line_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="subsidies.application",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="回")),
                (
                    "method",
                    models.CharField(
                        choices=[("desk", "書面"), ("on_site", "現地")], max_length=8, verbose_name="方法"
                    ),
                ),
                ("held_on", models.DateField(verbose_name="検査日")),
                ("checks", models.JSONField(default=list, verbose_name="確認した事項")),
                ("sampled", models.JSONField(default=list, verbose_name="確認した証拠書類の行")),
                ("findings", models.TextField(blank=True, verbose_name="所見")),
                ("adjustment", models.TextField(blank=True, verbose_name="報告と異なる額を認めた理由")),
                ("eligible_yen", models.PositiveBigIntegerField(verbose_name="認めた対象額（円）")),
                ("other_income_yen", models.PositiveBigIntegerField(verbose_name="その他の収入（円）")),
                (
                    "inspected_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="検査員",
                    ),
                ),
                ("inspected_who", models.CharField(max_length=200, verbose_name="検査員の所属・氏名")),
                ("recorded_at", models.DateTimeField(verbose_name="記録日時")),
            ],
            options={
                "verbose_name": "検査",
                "verbose_name_plural": "検査",
                "ordering": ["application", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="inspection_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="InternalNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="subsidies.application"
                    ),
                ),
                ("text", models.TextField(verbose_name="メモ")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("office_key", models.CharField(max_length=40, verbose_name="所属")),
                ("who", models.CharField(max_length=200, verbose_name="記入者")),
                ("at", models.DateTimeField(verbose_name="日時")),
            ],
            options={
                "verbose_name": "審査メモ（庁内限り）",
                "verbose_name_plural": "審査メモ（庁内限り）",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="subsidies.application"
                    ),
                ),
                ("office_key", models.CharField(max_length=40, verbose_name="所属")),
                ("who", models.CharField(max_length=200, verbose_name="記入者")),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("high", "優先して採択すべき"),
                            ("normal", "採択が適当"),
                            ("low", "慎重な検討を要する"),
                            ("against", "採択は適当でない"),
                        ],
                        max_length=8,
                        verbose_name="優先度",
                    ),
                ),
                ("text", models.TextField(verbose_name="意見")),
                (
                    "proposed_yen",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="交付予定額の案（円）"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="日時")),
            ],
            options={
                "verbose_name": "意見（庁内限り）",
                "verbose_name_plural": "意見（庁内限り）",
                "ordering": ["application", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "office_key"), name="one_opinion_per_office")
                ],
            },
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("audit", "監査パッケージ"), ("disclosure", "情報公開用の書き出し")],
                        max_length=12,
                        verbose_name="種類",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "承認待ち"),
                            ("making", "作成中"),
                            ("made", "作成済"),
                            ("refused", "不承認"),
                            ("failed", "作成できませんでした"),
                            ("erased", "廃棄済"),
                        ],
                        max_length=8,
                        verbose_name="状態",
                    ),
                ),
                (
                    "prefecture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="municipalities.prefecture"
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="目的・請求の内容")),
                ("with_internal", models.BooleanField(default=False, verbose_name="庁内限りの文書を含める")),
                ("internal_reason", models.TextField(blank=True, verbose_name="庁内限りの文書を含める（除く）理由")),
                ("upto_event", models.BigIntegerField(verbose_name="記録の範囲（末尾の番号）")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                ("asked_who", models.CharField(max_length=200, verbose_name="作成者の所属・氏名")),
                ("asked_at", models.DateTimeField(verbose_name="依頼日時")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承認者",
                    ),
                ),
                ("approved_who", models.CharField(blank=True, max_length=200, verbose_name="承認者の所属・氏名")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="承認日時")),
                ("answer", models.TextField(blank=True, verbose_name="承認の意見・不承認の理由")),
                (
                    "file",
                    models.FileField(blank=True, max_length=200, upload_to="packages/%Y/%m/", verbose_name="ファイル"),
                ),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="大きさ（バイト）")),
                ("entries", models.PositiveIntegerField(blank=True, null=True, verbose_name="収めたファイルの数")),
                (
                    "applications",
                    models.ManyToManyField(related_name="packages", to="subsidies.application", verbose_name="申請"),
                ),
            ],
            options={
                "verbose_name": "まとめた書類",
                "verbose_name_plural": "まとめた書類",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "made"), _negated=True),
                            models.Q(models.Q(("file", ""), _negated=True), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="package_made_has_its_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="package_needs_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="subsidies.application"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="municipalities.municipality",
                    ),
                ),
                (
                    "consent",
                    models.CharField(
                        choices=[("none", "未"), ("asked", "確認中"), ("agreed", "同意済"), ("refused", "不同意")],
                        default="none",
                        max_length=8,
                        verbose_name="同意",
                    ),
                ),
                ("consented_on", models.DateField(blank=True, null=True, verbose_name="同意日")),
                (
                    "consented_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="同意した人",
                    ),
                ),
                ("consented_content", models.CharField(blank=True, max_length=64, verbose_name="同意した内容")),
                ("consent_document_no", models.CharField(blank=True, max_length=40, verbose_name="文書番号")),
                ("consent_note", models.TextField(blank=True, verbose_name="意見・不同意の理由")),
                ("split_yen", models.PositiveBigIntegerField(default=0, verbose_name="交付金の配分額（円）")),
                ("burden_yen", models.PositiveBigIntegerField(default=0, verbose_name="負担額（円）")),
                ("role", models.CharField(blank=True, max_length=200, verbose_name="役割")),
            ],
            options={
                "verbose_name": "参加市町村",
                "verbose_name_plural": "参加市町村",
                "ordering": ["application", "municipality"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "municipality"), name="participant_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent", "agreed"), _negated=True),
                            models.Q(("consented_by__isnull", False), ("consented_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="participant_consent_names_day_and_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="subsidies.application"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="回")),
                (
                    "kind",
                    models.CharField(
                        choices=[("advance", "概算払"), ("final", "精算払"), ("return", "返納")],
                        max_length=8,
                        verbose_name="区分",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "準備中"),
                            ("claimed", "請求済"),
                            ("approved", "支払待ち"),
                            ("paid", "支払済"),
                            ("refused", "不承認"),
                            ("back", "取下げ"),
                        ],
                        default="claimed",
                        max_length=8,
                        verbose_name="状態",
                    ),
                ),
                ("amount_yen", models.PositiveBigIntegerField(verbose_name="金額（円）")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("document_no", models.CharField(blank=True, max_length=40, verbose_name="請求文書の番号")),
                ("creditor_no", models.CharField(blank=True, max_length=20, verbose_name="債権者番号")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="版")),
                (
                    "prepared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="準備した人",
                    ),
                ),
                ("claimed_on", models.DateField(blank=True, null=True, verbose_name="請求日")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="請求者",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.documentissue",
                        verbose_name="請求書",
                    ),
                ),
                ("approved_on", models.DateField(blank=True, null=True, verbose_name="承認日")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承認者",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="支払日・納付日")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="記録者",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="承認しない理由")),
            ],
            options={
                "verbose_name": "支払",
                "verbose_name_plural": "支払",
                "ordering": ["application", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="payment_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["claimed", "approved"])),
                        fields=("application",),
                        name="one_open_claim",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("application",), name="one_claim_in_preparation"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("claimed_by__isnull", False), ("claimed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_claimed_names_day_and_person",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_yen__gt", 0)), name="payment_is_of_some_money"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paid"), _negated=True),
                            models.Q(("paid_on__isnull", False), ("recorded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_paid_names_day_and_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "paid"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("approved_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_approved_names_day_and_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreConsultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consultations",
                        to="subsidies.application",
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="申込日")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申込者",
                    ),
                ),
                ("points", models.TextField(verbose_name="相談したいこと")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="協議日")),
                ("attendees", models.TextField(blank=True, verbose_name="出席者")),
                ("answers", models.TextField(blank=True, verbose_name="回答・助言")),
                ("next_action", models.TextField(blank=True, verbose_name="次に行うこと")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="完了日")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="記録者",
                    ),
                ),
            ],
            options={
                "verbose_name": "事前協議",
                "verbose_name_plural": "事前協議",
                "ordering": ["application", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            models.Q(
                                ("closed_by__isnull", False),
                                ("held_on__isnull", False),
                                models.Q(("answers", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consultation_closed_has_day_and_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress_reports",
                        to="subsidies.application",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="基準日")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="提出期限")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "作成中"), ("submitted", "提出済"), ("accepted", "確認済")],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("problems", models.TextField(blank=True, verbose_name="課題")),
                ("outlook", models.TextField(blank=True, verbose_name="今後の見通し")),
                ("document_no", models.CharField(blank=True, max_length=40, verbose_name="報告文書の番号")),
                ("opened_at", models.DateTimeField(verbose_name="作成開始日時")),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="保存日時")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提出日時")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出者",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="振興局の意見")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="確認した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "遂行状況報告",
                "verbose_name_plural": "遂行状況報告",
                "ordering": ["application", "as_of"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "as_of"), name="progress_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="progress_submitted_names_time_and_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="progress_accepted_names_time_and_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "progress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="subsidies.progressreport"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subsidies.applicationproject",
                        verbose_name="取組",
                    ),
                ),
                (
                    "done_percent",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="進み具合（％）"),
                ),
                ("text", models.TextField(blank=True, verbose_name="実施した内容")),
            ],
            options={
                "verbose_name": "遂行状況（取組）",
                "verbose_name_plural": "遂行状況（取組）",
                "ordering": ["progress", "item__order", "item"],
                "constraints": [
                    models.UniqueConstraint(fields=("progress", "item"), name="progress_tells_an_initiative_once"),
                    models.CheckConstraint(
                        condition=models.Q(("done_percent", None), ("done_percent__lte", 100), _connector="OR"),
                        name="progress_is_at_most_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressSpent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "progress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="spent", to="subsidies.progressreport"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("reward", "報償費"),
                            ("travel", "旅費"),
                            ("supplies", "需用費"),
                            ("services", "役務費"),
                            ("commission", "委託料"),
                            ("rent", "使用料"),
                            ("construction", "工事請負費"),
                            ("equipment", "備品購入費"),
                            ("contribution", "負担金"),
                            ("other", "その他"),
                        ],
                        max_length=12,
                        verbose_name="節",
                    ),
                ),
                ("planned_yen", models.PositiveBigIntegerField(verbose_name="計画額（円）")),
                ("spent_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="支出済額（円）")),
            ],
            options={
                "verbose_name": "遂行状況（経費）",
                "verbose_name_plural": "遂行状況（経費）",
                "ordering": ["progress", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("progress", "category"), name="progress_spent_once_a_category")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReductionLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reductions",
                        to="subsidies.application",
                    ),
                ),
                (
                    "cost",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reductions",
                        to="subsidies.costline",
                        verbose_name="経費",
                    ),
                ),
                ("amount_yen", models.PositiveBigIntegerField(verbose_name="減額（円）")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "減額査定",
                "verbose_name_plural": "減額査定",
                "ordering": ["application", "cost"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "cost"), name="reduction_once_per_cost_line"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="reduction_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="report", to="subsidies.application"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "未提出"),
                            ("submitted", "提出済"),
                            ("returned", "補正依頼"),
                            ("accepted", "検査済"),
                        ],
                        default="due",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("finished_on", models.DateField(verbose_name="事業完了日")),
                ("due_on", models.DateField(verbose_name="提出期限")),
                ("work_done", models.TextField(blank=True, verbose_name="実施した内容")),
                ("effect", models.TextField(blank=True, verbose_name="事業の効果")),
                ("problems", models.TextField(blank=True, verbose_name="課題")),
                ("outlook", models.TextField(blank=True, verbose_name="今後の見通し")),
                ("document_no", models.CharField(blank=True, max_length=40, verbose_name="報告文書の番号")),
                ("opened_at", models.DateTimeField(verbose_name="作成開始日時")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提出日時")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出者",
                    ),
                ),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="保存日時")),
            ],
            options={
                "verbose_name": "実績報告",
                "verbose_name_plural": "実績報告",
                "ordering": ["application"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "due"),
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_submitted_names_time_and_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="case_sheets", to="subsidies.report"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.project",
                        verbose_name="取組",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=100, verbose_name="事例の名称")),
                ("effect", models.TextField(blank=True, verbose_name="効果（数で）")),
                ("cost_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="かかった費用（円）")),
                ("obstacles", models.TextField(blank=True, verbose_name="苦労した点・工夫")),
            ],
            options={
                "verbose_name": "事例シート",
                "verbose_name_plural": "事例シート",
                "ordering": ["report", "id"],
                "constraints": [models.UniqueConstraint(fields=("report", "project"), name="case_sheet_once")],
            },
        ),
        migrations.CreateModel(
            name="ReportCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="costs", to="subsidies.report"
                    ),
                ),
                (
                    "cost",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subsidies.costline",
                        verbose_name="経費",
                    ),
                ),
                ("actual_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="実績額（円）")),
                (
                    "eligible_yen",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="うち対象額（円）"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="計画との差の理由")),
                ("evidence", models.CharField(blank=True, max_length=60, verbose_name="証拠書類の番号")),
            ],
            options={
                "verbose_name": "実績報告の経費",
                "verbose_name_plural": "実績報告の経費",
                "ordering": ["report", "cost__number"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "cost"), name="report_tells_a_cost_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("eligible_yen", None),
                            models.Q(("actual_yen__isnull", False), ("eligible_yen__lte", models.F("actual_yen"))),
                            _connector="OR",
                        ),
                        name="reported_eligible_is_part_of_actual",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportIncome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="incomes", to="subsidies.report"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="行番号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("burden", "市町村負担金"),
                            ("fee", "参加費・利用料"),
                            ("subsidy", "他の補助金"),
                            ("other", "その他"),
                        ],
                        max_length=10,
                        verbose_name="区分",
                    ),
                ),
                ("description", models.CharField(max_length=200, verbose_name="内容")),
                ("planned_yen", models.PositiveBigIntegerField(default=0, verbose_name="計画額（円）")),
                ("actual_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="実績額（円）")),
            ],
            options={
                "verbose_name": "実績報告の収入",
                "verbose_name_plural": "実績報告の収入",
                "ordering": ["report", "number"],
                "constraints": [models.UniqueConstraint(fields=("report", "number"), name="report_income_number_once")],
            },
        ),
        migrations.CreateModel(
            name="ReportItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="subsidies.report"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="回")),
                ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                ("text", models.TextField(verbose_name="補正してほしいこと")),
                ("due_on", models.DateField(verbose_name="期限")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="日時")),
                ("answer", models.TextField(blank=True, verbose_name="回答")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回答日時")),
            ],
            options={
                "verbose_name": "実績報告の補正項目",
                "verbose_name_plural": "実績報告の補正項目",
                "ordering": ["report", "round", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "round", "number"), name="report_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_answer_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="subsidies.report"
                    ),
                ),
                ("sent_on", models.DateField(verbose_name="督促日")),
                ("old_due_on", models.DateField(verbose_name="これまでの期限")),
                ("new_due_on", models.DateField(verbose_name="新しい期限")),
                ("text", models.TextField(blank=True, verbose_name="添える言葉")),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="督促した人",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.documentissue",
                    ),
                ),
            ],
            options={
                "verbose_name": "実績報告の督促",
                "verbose_name_plural": "実績報告の督促",
                "ordering": ["report", "sent_on"],
                "constraints": [models.UniqueConstraint(fields=("report", "sent_on"), name="report_urged_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="ReportShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="subsidies.report"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="municipalities.municipality"
                    ),
                ),
                ("planned_yen", models.PositiveBigIntegerField(verbose_name="決定時の配分額（円）")),
                (
                    "actual_yen",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="精算の配分額（円）"),
                ),
            ],
            options={
                "verbose_name": "構成市町村別の精算",
                "verbose_name_plural": "構成市町村別の精算",
                "ordering": ["report", "municipality"],
                "constraints": [models.UniqueConstraint(fields=("report", "municipality"), name="report_share_once")],
            },
        ),
        migrations.CreateModel(
            name="Revocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocations",
                        to="subsidies.application",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="回")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "決裁待ち"), ("decided", "取消決定済"), ("sent_back", "差戻し")],
                        default="proposed",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("falsehood", "虚偽その他不正の手段による交付"),
                            ("other_use", "目的外の使用"),
                            ("condition", "交付の条件への違反"),
                            ("law", "法令又は法令に基づく指示への違反"),
                            ("requirement", "要件の喪失"),
                        ],
                        max_length=12,
                        verbose_name="取消しの事由",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("whole", "全部"), ("part", "一部")], max_length=6, verbose_name="取消しの範囲"
                    ),
                ),
                ("revoked_yen", models.PositiveBigIntegerField(verbose_name="取り消す額（円）")),
                ("facts", models.TextField(verbose_name="事実の内容")),
                ("hearing_on", models.DateField(blank=True, null=True, verbose_name="弁明を聴いた日")),
                ("hearing_who", models.CharField(blank=True, max_length=200, verbose_name="弁明した人")),
                ("hearing_statement", models.TextField(blank=True, verbose_name="弁明の内容")),
                ("hearing_waived", models.TextField(blank=True, verbose_name="弁明の機会を設けない理由")),
                ("hearing_by", models.CharField(blank=True, max_length=200, verbose_name="弁明の記録者")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起案者",
                    ),
                ),
                ("drafted_who", models.CharField(max_length=200, verbose_name="起案者の所属・氏名")),
                ("drafted_at", models.DateTimeField(verbose_name="起案日時")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="決裁者",
                    ),
                ),
                ("closed_who", models.CharField(blank=True, max_length=200, verbose_name="決裁者の所属・氏名")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="決裁日時")),
                ("answer", models.TextField(blank=True, verbose_name="決裁の意見・差戻しの理由")),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="subsidies.decision",
                        verbose_name="決定",
                    ),
                ),
            ],
            options={
                "verbose_name": "取消し",
                "verbose_name_plural": "取消し",
                "ordering": ["application", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="revocation_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("application",),
                        name="one_revocation_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by", None),
                            ("state", "sent_back"),
                            models.Q(("closed_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="revocation_is_not_decided_by_its_drafter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decided"), _negated=True),
                            models.Q(("closed_by__isnull", False), ("decision__isnull", False)),
                            _connector="OR",
                        ),
                        name="revocation_decided_names_person_and_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decided"), _negated=True),
                            ("hearing_on__isnull", False),
                            models.Q(("hearing_waived", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="revocation_decided_was_heard",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_orders",
                        to="subsidies.application",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_order",
                        to="subsidies.decision",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="return_order", to="subsidies.payment"
                    ),
                ),
                (
                    "revocation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_orders",
                        to="subsidies.revocation",
                    ),
                ),
                ("advice", models.JSONField(blank=True, null=True, verbose_name="加算金の参考計算")),
                ("addition_yen", models.PositiveBigIntegerField(default=0, verbose_name="加算金（円）")),
                ("addition_reason", models.TextField(blank=True, verbose_name="参考計算と異なる理由")),
                ("addition_paid_on", models.DateField(blank=True, null=True, verbose_name="加算金の納付日")),
                ("late_advice", models.JSONField(blank=True, null=True, verbose_name="延滞金の参考計算")),
                ("late_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="延滞金（円）")),
                ("late_reason", models.TextField(blank=True, verbose_name="延滞金が参考計算と異なる理由")),
                ("late_paid_on", models.DateField(blank=True, null=True, verbose_name="延滞金の納付日")),
            ],
            options={
                "verbose_name": "返還命令",
                "verbose_name_plural": "返還命令",
                "ordering": ["application", "id"],
            },
        ),
        migrations.CreateModel(
            name="RevocationConcurrence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "revocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="concurrences",
                        to="subsidies.revocation",
                    ),
                ),
                ("office_key", models.CharField(max_length=100, verbose_name="所属")),
                ("duty", models.CharField(max_length=2, verbose_name="役割")),
                ("label", models.CharField(max_length=100, verbose_name="表示名")),
                (
                    "result",
                    models.CharField(
                        choices=[("waiting", "未"), ("agreed", "同意"), ("objected", "異議")],
                        default="waiting",
                        max_length=10,
                        verbose_name="結果",
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=200, verbose_name="氏名")),
                ("at", models.DateTimeField(blank=True, null=True, verbose_name="日時")),
                ("comment", models.TextField(blank=True, verbose_name="意見")),
            ],
            options={
                "verbose_name": "取消しの合議",
                "verbose_name_plural": "取消しの合議",
                "ordering": ["revocation", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("revocation", "office_key"), name="revocation_concurrence_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", "objected"), _negated=True),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="revocation_objection_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BenchRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ruleset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bench_runs",
                        to="subsidies.rulesetversion",
                        verbose_name="ルール",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("replay", "過去の支援での確認"), ("reach", "対象になりうる市町村")],
                        max_length=10,
                        verbose_name="種別",
                    ),
                ),
                ("content_hash", models.CharField(max_length=64, verbose_name="ルールの指紋")),
                ("data_hash", models.CharField(max_length=64, verbose_name="データの指紋")),
                ("result", models.JSONField(verbose_name="結果")),
                ("made_at", models.DateTimeField(verbose_name="実行日時")),
            ],
            options={
                "verbose_name": "試験の結果",
                "verbose_name_plural": "試験の結果",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ruleset", "kind", "content_hash", "data_hash"), name="bench_run_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfRunningLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="self_running_lines",
                        to="subsidies.application",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="市町村",
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("funding", models.CharField(max_length=100, verbose_name="財源")),
                ("amount_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="見込額（円）")),
            ],
            options={
                "verbose_name": "支援終了後の財源",
                "verbose_name_plural": "支援終了後の財源",
                "ordering": ["application", "fiscal_year", "member"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "member", "fiscal_year"), name="self_running_line_once_a_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="subsidies.application",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="subsidies.inspection",
                    ),
                ),
                ("granted_yen", models.PositiveBigIntegerField(verbose_name="交付決定額（円）")),
                ("eligible_yen", models.PositiveBigIntegerField(verbose_name="対象経費の実績（円）")),
                ("other_income_yen", models.PositiveBigIntegerField(verbose_name="その他の収入（円）")),
                ("rate", models.CharField(max_length=20, verbose_name="補助率")),
                ("fixed_yen", models.PositiveBigIntegerField(verbose_name="確定額（円）")),
                ("paid_yen", models.PositiveBigIntegerField(verbose_name="確定の時の支払済額（円）")),
                ("reason", models.TextField(blank=True, verbose_name="減額の理由")),
                ("fixed_on", models.DateField(verbose_name="確定日")),
                ("fixed_at", models.DateTimeField(verbose_name="確定日時")),
                (
                    "fixed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="確定した人",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="subsidies.settlement",
                    ),
                ),
            ],
            options={
                "verbose_name": "額の確定",
                "verbose_name_plural": "額の確定",
                "ordering": ["application", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_by", None)),
                        fields=("application",),
                        name="one_valid_settlement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fixed_yen__lte", models.F("granted_yen"))),
                        name="never_fixed_above_the_grant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopenings",
                        to="subsidies.application",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="回")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "確認待ち"), ("confirmed", "再確定済"), ("refused", "不承認")],
                        default="asked",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("reason", models.TextField(verbose_name="再確定の理由")),
                ("eligible_yen", models.PositiveBigIntegerField(verbose_name="認める対象額（円）")),
                ("other_income_yen", models.PositiveBigIntegerField(verbose_name="その他の収入（円）")),
                ("fixed_yen", models.PositiveBigIntegerField(verbose_name="再確定の額（円）")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="発議者",
                    ),
                ),
                ("asked_who", models.CharField(max_length=200, verbose_name="発議者の所属・氏名")),
                ("asked_at", models.DateTimeField(verbose_name="発議日時")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="確認者",
                    ),
                ),
                ("closed_who", models.CharField(blank=True, max_length=200, verbose_name="確認者の所属・氏名")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
                ("answer", models.TextField(blank=True, verbose_name="確認の意見・不承認の理由")),
                (
                    "settlement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopening",
                        to="subsidies.settlement",
                    ),
                ),
            ],
            options={
                "verbose_name": "再確定",
                "verbose_name_plural": "再確定",
                "ordering": ["application", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="reopening_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("application",), name="one_reopening_asked"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by", None),
                            models.Q(("closed_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="reopening_needs_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SimulationLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "simulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="subsidies.budgetsimulation",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="simulation_lines",
                        to="subsidies.application",
                    ),
                ),
                ("phase", models.CharField(max_length=8, verbose_name="段階")),
                ("requested_yen", models.PositiveBigIntegerField(verbose_name="申請額（円）")),
                ("most_yen", models.PositiveBigIntegerField(verbose_name="ルールで認められる額（円）")),
                ("amount_yen", models.PositiveBigIntegerField(verbose_name="配分額（円）")),
                ("by_hand", models.BooleanField(default=False, verbose_name="手で変えた")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="減額の理由")),
            ],
            options={
                "verbose_name": "配分案の行",
                "verbose_name_plural": "配分案の行",
                "ordering": ["simulation", "application"],
                "constraints": [
                    models.UniqueConstraint(fields=("simulation", "application"), name="simulation_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="subsidies.application",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="版")),
                ("phase", models.CharField(max_length=8, verbose_name="段階")),
                ("data", models.JSONField(verbose_name="内容")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "提出時の内容",
                "verbose_name_plural": "提出時の内容",
                "ordering": ["application", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "version"), name="snapshot_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="judgements",
                        to="subsidies.application",
                    ),
                ),
                ("rule", models.CharField(max_length=8, verbose_name="ルール")),
                (
                    "result",
                    models.CharField(choices=[("pass", "適合"), ("fail", "不適合")], max_length=4, verbose_name="判断"),
                ),
                ("reason", models.TextField(verbose_name="理由")),
                (
                    "points",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="M-06：［問い, はい／いいえ］の並び",
                        verbose_name="個別の問い",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="判断者",
                    ),
                ),
                ("who", models.CharField(max_length=200, verbose_name="判断者の所属・氏名")),
                ("office_key", models.CharField(max_length=40, verbose_name="所属")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subsidies.snapshot",
                        verbose_name="判断した提出内容",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="確認者",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
                ("superseded_at", models.DateTimeField(blank=True, null=True, verbose_name="差替え日時")),
            ],
            options={
                "verbose_name": "判断",
                "verbose_name_plural": "判断",
                "ordering": ["application", "rule", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("application", "rule"),
                        name="one_current_judgement_per_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="judgement_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="judgement_confirmed_at_and_by_go_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="support_years",
                        to="subsidies.program",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="support_years", to="regions.region"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("sourced", "出典あり"),
                            ("inferred", "推定"),
                            ("decision", "交付決定"),
                            ("demo", "デモ"),
                        ],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="出典")),
                ("amount_yen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="交付決定額（円）")),
                ("projects", models.ManyToManyField(blank=True, related_name="support_years", to="regions.project")),
            ],
            options={
                "verbose_name": "支援の年度",
                "verbose_name_plural": "支援の年度",
                "ordering": ["region", "fiscal_year"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "region", "fiscal_year"), name="support_year_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkedExample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="examples",
                        to="subsidies.program",
                        verbose_name="制度",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="名称")),
                ("question", models.JSONField(verbose_name="問い")),
                ("rule", models.CharField(blank=True, max_length=20, verbose_name="要件の番号")),
                ("expected", models.CharField(max_length=20, verbose_name="期待する結果")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="作成日時")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="取りやめた日時")),
            ],
            options={
                "verbose_name": "計算例",
                "verbose_name_plural": "計算例",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="application",
            name="evaluation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subsidies.evaluation",
                verbose_name="最新の判定",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="participants",
            field=models.ManyToManyField(
                related_name="applications", through="subsidies.Participant", to="municipalities.municipality"
            ),
        ),
    ]
