"""Where loaded data comes from; shown wherever the data is shown."""

from django.db import models


class DataSource(models.Model):
    """One published source with its terms."""

    code = models.SlugField("コード", primary_key=True, max_length=40)
    title = models.CharField("資料名", max_length=200)
    publisher = models.CharField("公表者", max_length=200)
    licence = models.CharField("利用条件", max_length=200)
    credit = models.CharField("表示する出典", max_length=300)
    as_of = models.CharField("時点", max_length=60, blank=True)
    note = models.TextField("備考", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出典"

    def __str__(self) -> str:
        return self.title
