"""One file that is PDF/A-3a (archive) and PDF/UA-1 (accessible) at the same time.

WeasyPrint declares one variant. This finisher rewrites the XMP packet so that it declares both, uncompressed as
archives expect it, with the extension schema that PDF/A asks for when a foreign namespace (pdfuaid) is used
(ISO 19005-3, 6.6.2.3; ISO 14289-1, 5).
"""

import re
from typing import Any

import pydyf

_PACKET = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
_END = b'\n</x:xmpmeta>\n<?xpacket end="r"?>'
_PDFUA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""

VARIANT = "pdf/a-3a"
_UNCLEAN = re.compile(rb"[\r\n]\nendstream")


class Finisher:
    """Turns a PDF/A-3a file of WeasyPrint into one that is PDF/UA-1 too (a `finisher` of `write_pdf`).

    A compressed stream whose last byte happens to look like an end of line is counted one byte short by validators
    (ISO 19005-3, 6.1.7.1). One space after its content, which pages, character maps and TrueType files allow, moves
    the checksum that ends it. The streams that are only made while the file is written are moved by `fillers`, empty
    objects that nothing refers to.
    """

    def __init__(self, fillers: int = 0) -> None:
        self.fillers = fillers

    def __call__(self, document: Any, pdf: pydyf.PDF) -> None:
        for _ in range(self.fillers):
            pdf.add_object(pydyf.Dictionary())
        for candidate in pdf.objects:
            if isinstance(candidate, pydyf.Stream) and candidate.compress:
                _end_cleanly(candidate)
        rdf = document.metadata.generate_rdf_metadata("a", 3, "A")
        packet = _PACKET + rdf.replace(b"</rdf:RDF>", _PDFUA) + _END
        metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
        metadata.stream, metadata.compress = [packet], False


def is_clean(data: bytes) -> bool:
    """Say whether no stream of the file ends in a byte that looks like an end of line."""
    return _UNCLEAN.search(data) is None


def _end_cleanly(stream: pydyf.Stream) -> None:
    while _UNCLEAN.search(stream.data[-12:]):
        content = b"\n".join(item.data if isinstance(item, pydyf.Object) else _bytes(item) for item in stream.stream)
        stream.stream = [content + b" "]
        if "Length1" in stream.extra:
            stream.extra["Length1"] += 1


def _bytes(item: bytes | str) -> bytes:
    return item if isinstance(item, bytes) else str(item).encode("ascii")
