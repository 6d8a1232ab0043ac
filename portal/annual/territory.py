"""Chapter: the prefecture on the day of the report: under which scheme its municipalities work together."""

from __future__ import annotations

from municipalities.paper_blocks import Fact

from ..overview import Frame, overview, overview_map
from .ground import AnnualGround
from .shape import Cell, Chapter, Head, Picture, Section, Table


def chapter(ground: AnnualGround) -> Chapter:
    """The frames by bureau, the map, the zones."""
    found = overview(ground.prefecture, ground.name, ground.on)
    counts = dict(found.counts)
    rows: list[tuple[Cell, ...]] = [
        (line.name, line.total, *line.cells, line.both, len(line.regions)) for line in found.bureaus
    ]
    whole = found.total
    facts = (
        Fact("市町村", f"{len(found.places):,}", "市町村"),
        *(Fact(frame.label, f"{counts[frame]:,}", "市町村") for frame in Frame),
        Fact("空白地域", f"{found.blank:,}", "市町村", "国の制度に入らない市町村"),
    )
    zones: list[tuple[Cell, ...]] = [(zone.get_kind_display(), zone.code, zone.name) for zone in found.zones]
    drawn = str(overview_map(found, paper=True))
    return Chapter(
        key="territory",
        title="全道の広域連携の枠組み" if ground.name == "北海道" else "広域連携の枠組み",
        said=(
            "基準日に、各市町村がどの枠組みで広域連携に取り組んでいるかを示す。二つ以上に入る市町村は先に挙げたもので数える。",
        ),
        sections=(
            Section(
                title="市町村の枠組み",
                facts=facts,
                picture=Picture(found.message, drawn, look="map") if drawn else None,
                tables=(
                    Table(
                        key="振興局別の枠組み",
                        title="振興局別の市町村数",
                        heads=(
                            Head("振興局", look="mid"),
                            Head("市町村", num=True),
                            *(Head(frame.label, num=True) for frame in Frame),
                            Head("うち圏域と連携地域の両方", num=True),
                            Head("支援中の連携地域", "地域", num=True),
                        ),
                        rows=tuple(rows),
                        total=(whole.name, whole.total, *whole.cells, whole.both, len(found.supported)),
                    ),
                ),
            ),
            Section(
                title="国の制度の圏域",
                tables=(
                    Table(
                        key="国の圏域",
                        title="基準日に効力のある圏域",
                        heads=(Head("種別", look="mid"), Head("コード", look="nw"), Head("名称", look="wide")),
                        rows=tuple(zones),
                        groups=1,
                        empty="圏域の登録はない。",
                    ),
                ),
            ),
        ),
    )
