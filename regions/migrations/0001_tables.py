"""The tables of the room in one step; a database that went through the fourteen steps before stays as it is (0042)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("regions", "0001_initial"),
        ("regions", "0002_forecasts"),
        ("regions", "0003_kpi_revision"),
        ("regions", "0004_region_life"),
        ("regions", "0005_meetings_reviews_and_comments"),
        ("regions", "0006_meetings_without_plain_texts"),
        ("regions", "0007_agreement_text"),
        ("regions", "0008_agreement_columns_to_articles"),
        ("regions", "0009_vision_parts"),
        ("regions", "0010_project_source"),
        ("regions", "0011_region_states_of_one_day"),
        ("regions", "0012_opinions_on_papers"),
        ("regions", "0013_reminders_have_one_home"),
        ("regions", "0014_what_stays_of_an_erased_paper"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("common", "0006_mail_in_each_persons_rhythm"),
        ("municipalities", "0003_acting_heads"),
    ]

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name="地域コード")),
                (
                    "prefecture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="regions",
                        to="municipalities.prefecture",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="現在の名称")),
                (
                    "type",
                    models.CharField(
                        choices=[("flat", "フラット型"), ("hub", "中心都市型")],
                        default="flat",
                        max_length=4,
                        verbose_name="類型",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="中心都市",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads_regions",
                        to="municipalities.municipality",
                        verbose_name="代表市町村",
                    ),
                ),
                (
                    "secretariat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="事務局市町村",
                    ),
                ),
                (
                    "lead_bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="regions",
                        to="municipalities.bureau",
                        verbose_name="主管振興局",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("idea", "構想"),
                            ("formed", "形成"),
                            ("supported", "支援中"),
                            ("self_running", "自走中"),
                            ("paused", "休止"),
                            ("ended", "終了"),
                            ("national", "国制度へ移行"),
                        ],
                        default="idea",
                        max_length=14,
                        verbose_name="状態",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("sourced", "出典あり"), ("inferred", "推定"), ("demo", "デモ")],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
                (
                    "lead_basis",
                    models.CharField(
                        choices=[("sourced", "出典あり"), ("inferred", "推定"), ("demo", "デモ")],
                        default="sourced",
                        max_length=10,
                        verbose_name="代表の根拠",
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="出典")),
                ("note", models.TextField(blank=True, verbose_name="備考")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="版")),
            ],
            options={
                "verbose_name": "連携地域",
                "verbose_name_plural": "連携地域",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hub", None), ("type", "flat")),
                            models.Q(("hub__isnull", False), ("type", "hub")),
                            _connector="OR",
                        ),
                        name="hub_region_names_its_hub",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Field",
            fields=[
                ("code", models.SlugField(max_length=30, primary_key=True, serialize=False, verbose_name="コード")),
                ("name", models.CharField(max_length=30, unique=True, verbose_name="分野")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("life", "生活機能"),
                            ("network", "結びつき・ネットワーク"),
                            ("management", "地域マネジメント"),
                        ],
                        max_length=12,
                        verbose_name="区分",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="表示順")),
            ],
            options={
                "verbose_name": "分野",
                "verbose_name_plural": "分野",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="projects",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="取組コード")),
                ("name", models.CharField(max_length=80, verbose_name="取組名")),
                (
                    "main_field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.field",
                        verbose_name="主な分野",
                    ),
                ),
                ("outline", models.TextField(blank=True, verbose_name="概要")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="代表",
                    ),
                ),
                (
                    "secretariat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="事務局",
                    ),
                ),
                ("from_fy", models.PositiveSmallIntegerField(verbose_name="開始年度")),
                ("to_fy", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="終了年度")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "計画"),
                            ("running", "実施"),
                            ("ended", "終了"),
                            ("self_running", "自走"),
                            ("merged", "統合"),
                        ],
                        default="planned",
                        max_length=14,
                        verbose_name="状態",
                    ),
                ),
                ("self_running_plan", models.TextField(blank=True, verbose_name="自走化の見通し")),
                (
                    "basis",
                    models.CharField(
                        choices=[("sourced", "出典あり"), ("inferred", "推定"), ("demo", "デモ")],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=40, verbose_name="出典")),
                (
                    "fields",
                    models.ManyToManyField(
                        blank=True, related_name="projects", to="regions.field", verbose_name="分野"
                    ),
                ),
                (
                    "participants",
                    models.ManyToManyField(
                        blank=True, related_name="projects", to="municipalities.municipality", verbose_name="参加市町村"
                    ),
                ),
            ],
            options={
                "verbose_name": "取組",
                "verbose_name_plural": "取組",
                "ordering": ["region", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "code"), name="project_code_once_in_region"),
                    models.CheckConstraint(
                        condition=models.Q(("to_fy", None), ("to_fy__gte", models.F("from_fy")), _connector="OR"),
                        name="project_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Kpi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kpis",
                        to="regions.project",
                        verbose_name="取組",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                ("name", models.CharField(max_length=100, verbose_name="指標名")),
                ("unit", models.CharField(max_length=20, verbose_name="単位")),
                (
                    "kind",
                    models.CharField(
                        choices=[("output", "アウトプット"), ("outcome", "アウトカム")],
                        default="outcome",
                        max_length=8,
                        verbose_name="種別",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("up", "増やす"), ("down", "減らす"), ("keep", "維持する")],
                        default="up",
                        max_length=6,
                        verbose_name="方向",
                    ),
                ),
                ("cumulative", models.BooleanField(default=False, verbose_name="累計")),
                ("baseline_is_new", models.BooleanField(default=False, verbose_name="基準値は「新規」")),
                (
                    "baseline",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=16, null=True, verbose_name="基準値"),
                ),
                ("baseline_fy", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="基準年度")),
                (
                    "target",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=16, null=True, verbose_name="目標値"),
                ),
                (
                    "qualifier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "（なし）"),
                            ("at_least", "以上"),
                            ("keep", "維持"),
                            ("at_most", "以下"),
                            ("all", "全数"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="条件",
                    ),
                ),
                ("target_fy", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="目標年度")),
                ("data_source", models.CharField(blank=True, max_length=120, verbose_name="データの出所")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="更新日時")),
            ],
            options={
                "verbose_name": "KPI",
                "verbose_name_plural": "KPI",
                "ordering": ["project", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "number"), name="kpi_number_once_in_project"),
                    models.CheckConstraint(
                        condition=models.Q(("baseline_is_new", False), ("baseline", None), _connector="OR"),
                        name="kpi_new_baseline_has_no_value",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NationalZone",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name="圏域コード")),
                (
                    "prefecture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zones",
                        to="municipalities.prefecture",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("settlement", "定住自立圏"), ("hub_urban", "連携中枢都市圏")],
                        max_length=12,
                        verbose_name="種別",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="圏域名")),
                ("declared_on", models.DateField(blank=True, null=True, verbose_name="中心市宣言日")),
                ("formed_on", models.DateField(blank=True, null=True, verbose_name="形成協定の締結日")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="終了日")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="regions.nationalzone",
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="出典")),
                ("note", models.TextField(blank=True, verbose_name="備考")),
            ],
            options={
                "verbose_name": "国制度の圏域",
                "verbose_name_plural": "国制度の圏域",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="ConferenceMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="municipalities.bureau",
                        verbose_name="振興局",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("planned_on", models.DateField(verbose_name="開催予定日")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="開催日")),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="開始")),
                ("ends_at", models.TimeField(blank=True, null=True, verbose_name="終了")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("place", "集合"),
                            ("online", "オンライン"),
                            ("both", "集合・オンライン併用"),
                            ("writing", "書面"),
                        ],
                        default="place",
                        max_length=8,
                        verbose_name="方法",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="場所")),
                ("chair", models.CharField(blank=True, max_length=60, verbose_name="座長")),
                ("recorder", models.CharField(blank=True, max_length=60, verbose_name="記録した者")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "予定"),
                            ("cancelled", "中止"),
                            ("held", "開催済"),
                            ("confirmed", "議事録確認済"),
                        ],
                        default="scheduled",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "equivalent_zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.nationalzone",
                        verbose_name="同等とみなす懇談会",
                    ),
                ),
                ("attendance_note", models.TextField(blank=True, verbose_name="構成員のほかの出席者")),
                ("without_outcome", models.TextField(blank=True, verbose_name="決定事項も論点もない理由")),
                ("invited_at", models.DateTimeField(blank=True, null=True, verbose_name="案内した日時")),
                ("circulated_on", models.DateField(blank=True, null=True, verbose_name="議事録案を示した日")),
                ("comment_by", models.DateField(blank=True, null=True, verbose_name="議事録案への意見の期限")),
                ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="議事録を確認した日")),
                ("cancelled_because", models.CharField(blank=True, max_length=200, verbose_name="中止の理由")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("attendance_revision", models.PositiveIntegerField(default=1, verbose_name="出欠の更新番号")),
            ],
            options={
                "verbose_name": "検討会議の開催",
                "verbose_name_plural": "検討会議の開催",
                "ordering": ["-planned_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["scheduled", "cancelled"]), ("held_on__isnull", False), _connector="OR"
                        ),
                        name="meeting_held_has_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancelled_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="meeting_cancelled_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("circulated_on", None), ("comment_by", None)),
                            models.Q(("circulated_on__isnull", False), ("comment_by__gte", models.F("circulated_on"))),
                            _connector="OR",
                        ),
                        name="meeting_minutes_shown_until_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConferenceMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conference_members",
                        to="municipalities.bureau",
                        verbose_name="振興局",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("town", "市町村"), ("department", "道の部局"), ("other", "その他の団体")],
                        max_length=10,
                        verbose_name="区分",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="市町村",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="職名")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="順")),
                ("valid_from", models.DateField(verbose_name="いつから")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="いつまで")),
            ],
            options={
                "verbose_name": "検討会議の構成員",
                "verbose_name_plural": "検討会議の構成員",
                "ordering": ["bureau", "order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "town"), ("municipality__isnull", False)),
                            models.Q(models.Q(("kind", "town"), _negated=True), ("municipality", None)),
                            _connector="OR",
                        ),
                        name="conference_member_town_is_a_municipality",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="conference_member_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="conference_member_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendances",
                        to="regions.conferencemeeting",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="regions.conferencemember",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("present", "出席"),
                            ("substitute", "代理"),
                            ("online", "オンライン"),
                            ("written", "書面"),
                            ("absent", "欠席"),
                        ],
                        max_length=10,
                        verbose_name="出欠",
                    ),
                ),
                ("person", models.CharField(blank=True, max_length=80, verbose_name="出席した方（職・氏名）")),
            ],
            options={
                "verbose_name": "出欠",
                "verbose_name_plural": "出欠",
                "ordering": ["member__order", "member"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "member"), name="attendance_once_a_member"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "substitute"), _negated=True),
                            models.Q(("person", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="substitute_has_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版")),
                ("title", models.CharField(max_length=120, verbose_name="題名")),
                ("framework", models.BooleanField(default=False, verbose_name="大枠の協定（部会で取り組む）")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "案"),
                            ("consent", "同意確認中"),
                            ("signed", "締結済"),
                            ("in_force", "効力あり"),
                            ("amended", "改定済"),
                            ("ended", "終了"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="締結日")),
                ("in_force_on", models.DateField(blank=True, null=True, verbose_name="効力発生日")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="効力の最終日")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="振興局の受理日")),
                ("witness", models.CharField(blank=True, max_length=120, verbose_name="立会人")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="有効期間の最終日")),
                (
                    "cost_method",
                    models.CharField(
                        choices=[
                            ("none", "割合を定めず、協議により定める"),
                            ("equal", "均等割"),
                            ("population", "人口割"),
                            ("both", "均等割と人口割の併用"),
                            ("custom", "個別に定める割合"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="負担割合の決め方",
                    ),
                ),
                (
                    "cost_equal_bp",
                    models.PositiveSmallIntegerField(default=5000, verbose_name="均等割の割合（万分率）"),
                ),
                ("asked_on", models.DateField(blank=True, null=True, verbose_name="同意を依頼した日")),
                ("answer_by", models.DateField(blank=True, null=True, verbose_name="回答の期限")),
                ("asked_content", models.JSONField(blank=True, null=True, verbose_name="同意を依頼した内容")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="最後の保存")),
                (
                    "basis",
                    models.CharField(
                        choices=[("sourced", "出典あり"), ("inferred", "推定"), ("demo", "デモ")],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="出典")),
                ("erased_on", models.DateField(blank=True, null=True, verbose_name="内容を廃棄した日")),
                (
                    "fields",
                    models.ManyToManyField(
                        blank=True, related_name="agreements", to="regions.field", verbose_name="分野"
                    ),
                ),
            ],
            options={
                "verbose_name": "地域連携協定",
                "verbose_name_plural": "地域連携協定",
                "ordering": ["region", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "version"), name="agreement_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["in_force", "amended"]), _negated=True),
                            models.Q(("in_force_on__isnull", False), ("signed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="agreement_in_force_has_its_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            ("in_force_on", None),
                            ("ended_on__gte", models.F("in_force_on")),
                            _connector="OR",
                        ),
                        name="agreement_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("region",),
                        name="one_agreement_in_force_per_region",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost_equal_bp__lte", 10000)), name="agreement_equal_part_at_most_all"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForwardPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="municipalities.bureau",
                        verbose_name="振興局",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版")),
                ("title", models.CharField(max_length=120, verbose_name="題名")),
                ("direction", models.TextField(blank=True, verbose_name="推進の方向")),
                ("term_from_fy", models.PositiveSmallIntegerField(verbose_name="期間（開始年度）")),
                ("term_to_fy", models.PositiveSmallIntegerField(verbose_name="期間（終了年度）")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "案"),
                            ("conference", "検討会議で協議中"),
                            ("adopted", "策定済"),
                            ("revised", "改定済"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="策定日")),
                (
                    "equivalent_zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.nationalzone",
                        verbose_name="同等とみなす計画",
                    ),
                ),
                ("waiver_reason", models.TextField(blank=True, verbose_name="同等とみなす理由")),
                (
                    "discussed_at",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans_discussed",
                        to="regions.conferencemeeting",
                        verbose_name="協議した検討会議",
                    ),
                ),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="本庁の受理日")),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="受理した者",
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
                        verbose_name="策定した文書",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="更新日時")),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更新者",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("sourced", "出典あり"), ("inferred", "推定"), ("demo", "デモ")],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
                ("erased_on", models.DateField(blank=True, null=True, verbose_name="内容を廃棄した日")),
            ],
            options={
                "verbose_name": "広域連携前進プラン",
                "verbose_name_plural": "広域連携前進プラン",
                "ordering": ["bureau", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("bureau", "version"), name="forward_plan_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("term_to_fy__gte", models.F("term_from_fy"))),
                        name="forward_plan_term_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["adopted", "revised"]), _negated=True),
                            ("adopted_on__isnull", False),
                            _connector="OR",
                        ),
                        name="forward_plan_adopted_has_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_by", None), ("received_on", None)),
                            models.Q(("received_by__isnull", False), ("received_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="forward_plan_received_on_and_by_go_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForwardPlanInitiative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="initiatives",
                        to="regions.forwardplan",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                ("name", models.CharField(max_length=120, verbose_name="取組")),
                (
                    "field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.field",
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
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.project",
                        verbose_name="連携地域の取組",
                    ),
                ),
            ],
            options={
                "verbose_name": "前進プランの取組",
                "verbose_name_plural": "前進プランの取組",
                "ordering": ["plan", "number"],
                "constraints": [models.UniqueConstraint(fields=("plan", "number"), name="plan_initiative_number_once")],
            },
        ),
        migrations.CreateModel(
            name="ForwardPlanReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="regions.forwardplan"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("reviewed_on", models.DateField(verbose_name="点検日")),
                ("summary", models.TextField(verbose_name="進み具合と課題")),
                (
                    "result",
                    models.CharField(
                        choices=[("goes_on", "このまま進める"), ("revise", "改定する")],
                        max_length=8,
                        verbose_name="今後",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.conferencemeeting",
                        verbose_name="検討会議",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="点検者",
                    ),
                ),
            ],
            options={
                "verbose_name": "前進プランの点検",
                "verbose_name_plural": "前進プランの点検",
                "ordering": ["plan", "-fiscal_year"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "fiscal_year"), name="forward_plan_reviewed_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("summary", ""), _negated=True), name="forward_plan_review_has_a_summary"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FutureForecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="題名")),
                ("edition", models.PositiveSmallIntegerField(default=1, verbose_name="版")),
                (
                    "previous",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="following",
                        to="regions.futureforecast",
                        verbose_name="前の版",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="作成市町村",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.populationseries",
                        verbose_name="将来推計の版",
                    ),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="所見")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "作成中"), ("published", "公表")],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("shown_on", models.DateField(blank=True, null=True, verbose_name="振興局へ示した日")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="公表日")),
                (
                    "document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.documentissue",
                        verbose_name="公表した文書",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("changed_at", models.DateTimeField(verbose_name="更新日時")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更新者",
                    ),
                ),
                (
                    "towns",
                    models.ManyToManyField(
                        related_name="+", to="municipalities.municipality", verbose_name="対象の市町村"
                    ),
                ),
            ],
            options={
                "verbose_name": "地域の未来予測",
                "verbose_name_plural": "地域の未来予測",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("edition", 1), ("previous", None)),
                            models.Q(("edition__gt", 1), ("previous__isnull", False)),
                            _connector="OR",
                        ),
                        name="forecast_first_edition_has_none_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("previous", models.F("id")), _negated=True),
                        name="forecast_does_not_follow_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document", None), ("published_on", None), ("state", "draft")),
                            models.Q(
                                ("document__isnull", False), ("published_on__isnull", False), ("state", "published")
                            ),
                            _connector="OR",
                        ),
                        name="forecast_published_has_day_and_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastOwner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="owners", to="regions.futureforecast"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="作成市町村",
                    ),
                ),
                ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="公表に同意した日時")),
                (
                    "agreed_by",
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
                "verbose_name": "未来予測の作成市町村",
                "verbose_name_plural": "未来予測の作成市町村",
                "ordering": ["municipality"],
                "constraints": [
                    models.UniqueConstraint(fields=("forecast", "municipality"), name="forecast_owner_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_at", None), ("agreed_by", None)),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="forecast_agreed_at_and_by_go_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastIssue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="issues", to="regions.futureforecast"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="順位")),
                (
                    "field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.servicefield",
                        verbose_name="分野",
                    ),
                ),
                ("issue", models.CharField(max_length=200, verbose_name="優先課題")),
                ("next_step", models.CharField(blank=True, max_length=200, verbose_name="次に話し合うこと")),
            ],
            options={
                "verbose_name": "優先課題",
                "verbose_name_plural": "優先課題",
                "ordering": ["forecast", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("forecast", "number"), name="forecast_issue_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="regions.futureforecast",
                    ),
                ),
                ("office", models.CharField(max_length=60, verbose_name="所属")),
                ("text", models.TextField(verbose_name="意見")),
                ("written_at", models.DateTimeField(verbose_name="日時")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "未来予測への意見",
                "verbose_name_plural": "未来予測への意見",
                "ordering": ["written_at"],
            },
        ),
        migrations.CreateModel(
            name="HubDesignation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("plan", models.CharField(max_length=60, verbose_name="計画名")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hub_designations",
                        to="municipalities.municipality",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("centre", "地域中心都市"), ("cluster", "中核都市群")],
                        default="centre",
                        max_length=20,
                        verbose_name="区分",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="開始日")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="終了日")),
            ],
            options={
                "verbose_name": "中心都市の指定",
                "verbose_name_plural": "中心都市の指定",
                "constraints": [models.UniqueConstraint(fields=("plan", "municipality"), name="hub_designation_once")],
            },
        ),
        migrations.CreateModel(
            name="InitiativeProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="regions.forwardplanreview",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress",
                        to="regions.forwardplaninitiative",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_begun", "準備中"),
                            ("running", "実施中"),
                            ("done", "終了"),
                            ("dropped", "見送り"),
                        ],
                        max_length=10,
                        verbose_name="進み具合",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="内容")),
            ],
            options={
                "verbose_name": "取組の進み具合",
                "verbose_name_plural": "取組の進み具合",
                "ordering": ["review", "initiative__number"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "initiative"), name="initiative_progress_once_a_review")
                ],
            },
        ),
        migrations.CreateModel(
            name="KpiActual",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kpi",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actuals", to="regions.kpi"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("value", models.DecimalField(decimal_places=3, max_digits=16, verbose_name="実績値")),
                ("evidence", models.CharField(blank=True, max_length=200, verbose_name="根拠")),
            ],
            options={
                "verbose_name": "KPIの実績",
                "verbose_name_plural": "KPIの実績",
                "ordering": ["fiscal_year"],
                "constraints": [models.UniqueConstraint(fields=("kpi", "fiscal_year"), name="kpi_actual_once_a_year")],
            },
        ),
        migrations.CreateModel(
            name="KpiTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kpi",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="regions.kpi"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("value", models.DecimalField(decimal_places=3, max_digits=16, verbose_name="計画値")),
            ],
            options={
                "verbose_name": "KPIの年度計画",
                "verbose_name_plural": "KPIの年度計画",
                "ordering": ["fiscal_year"],
                "constraints": [models.UniqueConstraint(fields=("kpi", "fiscal_year"), name="kpi_target_once_a_year")],
            },
        ),
        migrations.CreateModel(
            name="MeetingDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="regions.conferencemeeting",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                ("text", models.CharField(max_length=400, verbose_name="決定事項")),
            ],
            options={
                "verbose_name": "決定事項",
                "verbose_name_plural": "決定事項",
                "ordering": ["meeting", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "number"), name="meeting_decision_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="meeting_decision_has_a_text"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.CharField(max_length=80, verbose_name="所属")),
                ("office_key", models.CharField(max_length=40, verbose_name="所属の記号")),
                ("text", models.TextField(verbose_name="意見")),
                ("written_at", models.DateTimeField(verbose_name="日時")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="regions.conferencemeeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "議事録案への意見",
                "verbose_name_plural": "議事録案への意見",
                "ordering": ["written_at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OpenPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_points",
                        to="municipalities.bureau",
                    ),
                ),
                (
                    "raised_at",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points_raised",
                        to="regions.conferencemeeting",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="番号")),
                ("text", models.CharField(max_length=400, verbose_name="論点")),
                ("owner", models.CharField(blank=True, max_length=80, verbose_name="担当")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="いつまで")),
            ],
            options={
                "verbose_name": "継続する論点",
                "verbose_name_plural": "継続する論点",
                "ordering": ["bureau", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("bureau", "number"), name="open_point_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="open_point_has_a_text"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.CharField(max_length=80, verbose_name="所属")),
                ("office_key", models.CharField(max_length=40, verbose_name="所属の記号")),
                ("text", models.TextField(verbose_name="意見")),
                ("written_at", models.DateTimeField(verbose_name="日時")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="regions.forwardplan"
                    ),
                ),
            ],
            options={
                "verbose_name": "前進プランへの意見",
                "verbose_name_plural": "前進プランへの意見",
                "ordering": ["written_at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PointProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="progress", to="regions.openpoint"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points_taken_up",
                        to="regions.conferencemeeting",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="この会議での扱い")),
                ("closed", models.BooleanField(default=False, verbose_name="完了")),
            ],
            options={
                "verbose_name": "論点の扱い",
                "verbose_name_plural": "論点の扱い",
                "ordering": ["point", "meeting"],
                "constraints": [
                    models.UniqueConstraint(fields=("point", "meeting"), name="open_point_once_a_meeting"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed", True)), fields=("point",), name="open_point_closed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed", False), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="open_point_closed_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementInitiative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="initiatives", to="regions.agreement"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="順")),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.project",
                        verbose_name="登録済みの取組",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="取組")),
                (
                    "secretariat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="事務局",
                    ),
                ),
                ("outline", models.TextField(blank=True, verbose_name="内容")),
                ("common_role", models.TextField(blank=True, verbose_name="共通の役割")),
                (
                    "fields",
                    models.ManyToManyField(blank=True, related_name="+", to="regions.field", verbose_name="分野"),
                ),
            ],
            options={
                "verbose_name": "協定に掲げる取組",
                "verbose_name_plural": "協定に掲げる取組",
                "ordering": ["agreement", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "name"), name="agreement_initiative_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="regions.project"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="取組名")),
                ("from_fy", models.PositiveSmallIntegerField(verbose_name="年度から")),
            ],
            options={
                "verbose_name": "取組の名称",
                "verbose_name_plural": "取組の名称",
                "ordering": ["from_fy"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "from_fy"), name="project_name_once_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="ForwardPlanRegion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="listings", to="regions.forwardplan"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plan_listings", to="regions.region"
                    ),
                ),
            ],
            options={
                "verbose_name": "前進プランの地域",
                "verbose_name_plural": "前進プランの地域",
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "region"), name="forward_plan_lists_a_region_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="successor_links", to="regions.region"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="predecessor_links",
                        to="regions.region",
                    ),
                ),
                (
                    "successor_zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="regions.nationalzone",
                    ),
                ),
                ("continued", models.BooleanField(default=True, verbose_name="継続とみなす")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="備考")),
            ],
            options={
                "verbose_name": "前身・後継",
                "verbose_name_plural": "前身・後継",
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="region_link_once"),
                    models.UniqueConstraint(
                        fields=("predecessor", "successor_zone"), name="region_link_to_a_zone_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("successor__isnull", False), ("successor_zone", None)),
                            models.Q(("successor", None), ("successor_zone__isnull", False)),
                            _connector="OR",
                        ),
                        name="region_link_has_one_successor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="region_does_not_follow_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="region_memberships",
                        to="municipalities.municipality",
                        verbose_name="市町村",
                    ),
                ),
                ("joined_on", models.DateField(verbose_name="加入日")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="脱退日")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.agreement",
                        verbose_name="根拠の協定",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("sourced", "出典あり"), ("inferred", "推定"), ("demo", "デモ")],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
            ],
            options={
                "verbose_name": "地域の構成",
                "verbose_name_plural": "地域の構成",
                "ordering": ["region", "joined_on", "municipality"],
                "indexes": [models.Index(fields=["municipality", "region"], name="regions_of_town")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None)),
                        fields=("region", "municipality"),
                        name="one_open_membership_in_a_region",
                    ),
                    models.UniqueConstraint(
                        fields=("region", "municipality", "joined_on"), name="region_membership_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("left_on", None), ("left_on__gte", models.F("joined_on")), _connector="OR"),
                        name="region_membership_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="regions.region"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("valid_from", models.DateField(verbose_name="開始日")),
            ],
            options={
                "verbose_name": "地域の名称",
                "verbose_name_plural": "地域の名称",
                "ordering": ["valid_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "valid_from"), name="region_name_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="states",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("idea", "構想"),
                            ("formed", "形成"),
                            ("supported", "支援中"),
                            ("self_running", "自走中"),
                            ("paused", "休止"),
                            ("ended", "終了"),
                            ("national", "国制度へ移行"),
                        ],
                        max_length=14,
                        verbose_name="状態",
                    ),
                ),
                ("since", models.DateField(verbose_name="この日から")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                (
                    "basis",
                    models.CharField(
                        choices=[("sourced", "出典あり"), ("inferred", "推定"), ("demo", "デモ")],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
            ],
            options={
                "verbose_name": "地域の状態の履歴",
                "verbose_name_plural": "地域の状態の履歴",
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="StageAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.field",
                        verbose_name="分野",
                    ),
                ),
                (
                    "track",
                    models.CharField(
                        choices=[("municipal", "市町村間の連携"), ("prefecture", "道と市町村の連携")],
                        max_length=10,
                        verbose_name="区分",
                    ),
                ),
                ("stage", models.PositiveSmallIntegerField(verbose_name="ステージ")),
                ("assessed_on", models.DateField(verbose_name="評価日")),
                ("evidence", models.TextField(verbose_name="根拠")),
                (
                    "assessed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="評価者",
                    ),
                ),
                ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="確認日")),
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
            ],
            options={
                "verbose_name": "ステージの評価",
                "verbose_name_plural": "ステージの評価",
                "ordering": ["region", "field", "track", "-assessed_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "field", "track", "assessed_on"), name="stage_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__gte", 1), ("stage__lte", 3)), name="stage_is_one_to_three"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True), name="stage_has_evidence"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_by", None), ("confirmed_on", None)),
                            models.Q(("confirmed_by__isnull", False), ("confirmed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="stage_confirmed_on_and_by_go_together",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StageComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.CharField(max_length=80, verbose_name="所属")),
                ("office_key", models.CharField(max_length=40, verbose_name="所属の記号")),
                ("text", models.TextField(verbose_name="意見")),
                ("written_at", models.DateTimeField(verbose_name="日時")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stage_comments",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.field",
                        verbose_name="分野",
                    ),
                ),
            ],
            options={
                "verbose_name": "ステージの評価への意見",
                "verbose_name_plural": "ステージの評価への意見",
                "ordering": ["written_at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SubGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="groups",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="部会の名称")),
                (
                    "chair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="座長の市町村",
                    ),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="役割")),
                ("set_up_on", models.DateField(verbose_name="設置日")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="終了日")),
                ("end_reason", models.CharField(blank=True, max_length=200, verbose_name="終了の理由")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="版")),
                (
                    "members",
                    models.ManyToManyField(
                        related_name="+", to="municipalities.municipality", verbose_name="参加市町村"
                    ),
                ),
                (
                    "projects",
                    models.ManyToManyField(
                        blank=True, related_name="groups", to="regions.project", verbose_name="受け持つ取組"
                    ),
                ),
            ],
            options={
                "verbose_name": "部会",
                "verbose_name_plural": "部会",
                "ordering": ["region", "set_up_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("region", "name"),
                        name="sub_group_name_once_in_region",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None), ("ended_on__gte", models.F("set_up_on")), _connector="OR"
                        ),
                        name="sub_group_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubGroupDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="regions.subgroup",
                        verbose_name="部会",
                    ),
                ),
                ("decided_on", models.DateField(verbose_name="決定日")),
                ("title", models.CharField(max_length=100, verbose_name="件名")),
                ("document_no", models.CharField(blank=True, max_length=60, verbose_name="記録の番号")),
                ("text", models.TextField(verbose_name="決定の内容")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="記録者",
                    ),
                ),
                ("recorded_who", models.CharField(max_length=200, verbose_name="記録者（所属・氏名）")),
                (
                    "attended",
                    models.ManyToManyField(
                        related_name="+", to="municipalities.municipality", verbose_name="出席した市町村"
                    ),
                ),
            ],
            options={
                "verbose_name": "部会の決定",
                "verbose_name_plural": "部会の決定",
                "ordering": ["-decided_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="sub_group_decision_says_what"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UndeclaredHub",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undeclared_hub_rows",
                        to="municipalities.municipality",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="開始日")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="終了日")),
                ("reason", models.TextField(verbose_name="根拠")),
            ],
            options={
                "verbose_name": "未宣言中心市",
                "verbose_name_plural": "未宣言中心市",
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "valid_from"), name="undeclared_hub_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Vision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visions",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版")),
                ("title", models.CharField(max_length=120, verbose_name="題名")),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visions",
                        to="regions.agreement",
                        verbose_name="協定",
                    ),
                ),
                ("future_image", models.TextField(blank=True, verbose_name="目指す将来像")),
                ("issues", models.TextField(blank=True, verbose_name="課題")),
                ("aims", models.TextField(blank=True, verbose_name="目指す姿")),
                ("term_from_fy", models.PositiveSmallIntegerField(verbose_name="期間（開始年度）")),
                ("term_to_fy", models.PositiveSmallIntegerField(verbose_name="期間（終了年度）")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "案"),
                            ("consulted", "協議済"),
                            ("adopted", "策定済"),
                            ("revised", "改定済"),
                            ("expired", "期間満了"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="策定日")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="振興局の受理日")),
                (
                    "equivalent_zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.nationalzone",
                        verbose_name="同等とみなす圏域のビジョン",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=200, verbose_name="圏域のビジョンの所在")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="更新番号")),
                ("updated_at", models.DateTimeField(blank=True, null=True, verbose_name="最終更新")),
                (
                    "basis",
                    models.CharField(
                        choices=[("sourced", "出典あり"), ("inferred", "推定"), ("demo", "デモ")],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="出典")),
                ("erased_on", models.DateField(blank=True, null=True, verbose_name="内容を廃棄した日")),
            ],
            options={
                "verbose_name": "地域連携ビジョン",
                "verbose_name_plural": "地域連携ビジョン",
                "ordering": ["region", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "version"), name="vision_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("term_to_fy__gte", models.F("term_from_fy"))),
                        name="vision_term_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["adopted", "revised", "expired"]), _negated=True),
                            ("adopted_on__isnull", False),
                            _connector="OR",
                        ),
                        name="vision_adopted_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="regions.region",
                        verbose_name="地域",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="regions.agreement",
                        verbose_name="協定",
                    ),
                ),
                (
                    "vision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="regions.vision",
                        verbose_name="ビジョン",
                    ),
                ),
                ("office_key", models.CharField(max_length=60, verbose_name="所属")),
                ("office_name", models.CharField(max_length=60, verbose_name="所属の名称")),
                ("text", models.TextField(verbose_name="意見")),
                ("written_at", models.DateTimeField(verbose_name="日時")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="記入者",
                    ),
                ),
                ("written_who", models.CharField(max_length=200, verbose_name="記入者（所属・氏名）")),
            ],
            options={
                "verbose_name": "地域への意見",
                "verbose_name_plural": "地域への意見",
                "ordering": ["-written_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="region_comment_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agreement", None), ("vision", None), _connector="OR"),
                        name="region_comment_is_about_one_paper",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisionProject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "vision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="regions.vision"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vision_items",
                        to="regions.project",
                        verbose_name="取組",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="順")),
                ("outline", models.TextField(blank=True, verbose_name="概要")),
                ("roles", models.TextField(blank=True, verbose_name="役割分担")),
            ],
            options={
                "verbose_name": "ビジョンの取組",
                "verbose_name_plural": "ビジョンの取組",
                "ordering": ["vision", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("vision", "project"), name="vision_lists_a_project_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="VisionCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="costs", to="regions.visionproject"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("amount_yen", models.PositiveBigIntegerField(verbose_name="事業費の見込み（円）")),
            ],
            options={
                "verbose_name": "事業費の見込み",
                "verbose_name_plural": "事業費の見込み",
                "ordering": ["fiscal_year"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "fiscal_year"), name="vision_cost_once_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="VisionRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="regions.visionproject"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="municipalities.municipality",
                        verbose_name="市町村",
                    ),
                ),
                ("role", models.CharField(max_length=200, verbose_name="役割")),
            ],
            options={
                "verbose_name": "取組の役割分担",
                "verbose_name_plural": "取組の役割分担",
                "ordering": ["municipality"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "municipality"), name="vision_role_once_a_member")
                ],
            },
        ),
        migrations.CreateModel(
            name="ZoneMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="regions.nationalzone",
                        verbose_name="圏域",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zone_memberships",
                        to="municipalities.municipality",
                        verbose_name="市町村",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("hub", "中心"), ("neighbour", "近隣")], max_length=10, verbose_name="役割"
                    ),
                ),
                ("in_force_by", models.DateField(verbose_name="開始日（確実な日）")),
                ("in_force_basis", models.CharField(blank=True, max_length=120, verbose_name="開始日の根拠")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="終了日")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("sourced", "出典あり"),
                            ("derived", "推定（数・範囲の記載から）"),
                            ("inferred", "推定（一覧の確認なし）"),
                        ],
                        default="sourced",
                        max_length=10,
                        verbose_name="根拠",
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="出典")),
            ],
            options={
                "verbose_name": "圏域の構成",
                "verbose_name_plural": "圏域の構成",
                "ordering": ["zone", "role", "municipality"],
                "indexes": [models.Index(fields=["municipality", "in_force_by"], name="zone_of_town")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("zone", "municipality", "in_force_by"), name="zone_membership_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("zone", "municipality"),
                        name="one_open_membership_in_a_zone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None), ("ended_on__gte", models.F("in_force_by")), _connector="OR"
                        ),
                        name="zone_membership_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ZoneStatusOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="zone_overrides",
                        to="municipalities.municipality",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("none", "空白地域"),
                            ("member_hub", "圏域の中心"),
                            ("member_neighbour", "圏域の近隣"),
                            ("undeclared_hub", "未宣言中心市"),
                        ],
                        max_length=20,
                        verbose_name="国制度の状況",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="開始日")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="終了日")),
                ("reason", models.TextField(verbose_name="理由")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "国制度の状況の修正",
                "verbose_name_plural": "国制度の状況の修正",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="zone_override_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="zone_override_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementArticle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="articles", to="regions.agreement"
                    ),
                ),
                ("key", models.CharField(max_length=16, verbose_name="記号")),
                ("position", models.PositiveSmallIntegerField(verbose_name="順")),
                ("heading", models.CharField(max_length=60, verbose_name="見出し")),
                ("text", models.TextField(blank=True, verbose_name="条文")),
            ],
            options={
                "verbose_name": "協定の条文",
                "verbose_name_plural": "協定の条文",
                "ordering": ["agreement", "position"],
                "constraints": [models.UniqueConstraint(fields=("agreement", "key"), name="agreement_article_once")],
            },
        ),
        migrations.CreateModel(
            name="AgreementConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="regions.agreement"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="municipalities.municipality"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("none", "未"), ("agreed", "同意"), ("council", "議決待ち"), ("done", "同意済")],
                        default="none",
                        max_length=8,
                        verbose_name="同意",
                    ),
                ),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="同意日")),
                ("document_no", models.CharField(blank=True, max_length=40, verbose_name="文書番号")),
                ("council_resolved_on", models.DateField(blank=True, null=True, verbose_name="議決日")),
                (
                    "share_bp",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="負担割合（万分率）"),
                ),
                ("reminded_on", models.DateField(blank=True, null=True, verbose_name="督促日")),
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
            ],
            options={
                "verbose_name": "協定への同意",
                "verbose_name_plural": "協定への同意",
                "ordering": ["agreement", "municipality"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "municipality"), name="agreement_consent_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True), ("agreed_on__isnull", False), _connector="OR"
                        ),
                        name="agreement_consent_done_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="regions.agreementinitiative",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="municipalities.municipality"
                    ),
                ),
                ("text", models.TextField(verbose_name="役割")),
            ],
            options={
                "verbose_name": "取組での役割",
                "verbose_name_plural": "取組での役割",
                "ordering": ["initiative", "municipality"],
                "constraints": [
                    models.UniqueConstraint(fields=("initiative", "municipality"), name="agreement_role_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="regions.agreement"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="回")),
                ("asked_on", models.DateField(verbose_name="同意を依頼した日")),
                ("declined_on", models.DateField(verbose_name="修正を求めた日")),
                (
                    "declined_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="municipalities.municipality"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.TextField(verbose_name="理由")),
                ("answers", models.JSONField(verbose_name="各市町村の回答")),
                ("content", models.JSONField(verbose_name="そのときの内容")),
            ],
            options={
                "verbose_name": "同意の確認の経過",
                "verbose_name_plural": "同意の確認の経過",
                "ordering": ["agreement", "number"],
                "constraints": [models.UniqueConstraint(fields=("agreement", "number"), name="agreement_round_once")],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="regions.conferencemeeting",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="番号")),
                ("title", models.CharField(max_length=160, verbose_name="議題")),
                ("presenter", models.CharField(blank=True, max_length=80, verbose_name="説明者")),
                ("minutes", models.TextField(blank=True, verbose_name="議事の内容")),
            ],
            options={
                "verbose_name": "議題",
                "verbose_name_plural": "議題",
                "ordering": ["meeting", "number", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="agenda_item_has_a_title"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="region",
            name="members",
            field=models.ManyToManyField(
                related_name="regions", through="regions.RegionMembership", to="municipalities.municipality"
            ),
        ),
        migrations.AddField(
            model_name="forwardplan",
            name="regions",
            field=models.ManyToManyField(
                related_name="plans", through="regions.ForwardPlanRegion", to="regions.region"
            ),
        ),
    ]
