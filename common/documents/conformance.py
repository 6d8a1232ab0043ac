"""One file that is PDF/A-3a (archive) and PDF/UA-1 (accessible) at the same time.

WeasyPrint declares one variant. This finisher rewrites the XMP packet so that it declares both, uncompressed as
archives expect it, with the extension schema that PDF/A asks for when a foreign namespace (pdfuaid) is used
(ISO 19005-3, 6.6.2.3; ISO 14289-1, 5).
"""

import re
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO

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
_ATTEMPTS = 10  # each fails in about one of sixty cases
_LEVEL = 9
_UNCLEAN = re.compile(rb"[\r\n]\nendstream")


class Unfinished(Exception):
    """No way was found to end every stream cleanly."""


class Finisher:
    """Turns a PDF/A-3a file of WeasyPrint into one that is PDF/UA-1 too (a `finisher` of `write_pdf`).

    A compressed stream whose last byte happens to look like an end of line is counted one byte short by validators
    (ISO 19005-3, 6.1.7.1). One space after its content, which pages, character maps and TrueType files allow, moves
    the checksum that ends it. The streams that are only made while the file is written are moved by fillers, empty
    objects that nothing refers to: then the file is written once more, but neither laid out nor painted again. Every
    stream is compressed once; WeasyPrint alone does it again for the identifier and for each writing.
    """

    def __call__(self, document: Any, pdf: pydyf.PDF) -> None:
        rdf = document.metadata.generate_rdf_metadata("a", 3, "A")
        packet = _PACKET + rdf.replace(b"</rdf:RDF>", _PDFUA) + _END
        metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
        metadata.stream, metadata.compress = [packet], False
        for candidate in pdf.objects:
            if isinstance(candidate, pydyf.Stream) and candidate.compress:
                _end_cleanly(candidate)
        pdf.write = partial(_write_cleanly, pdf, pdf.write)


def _write_cleanly(pdf: pydyf.PDF, write: Callable[..., None], output: BinaryIO, *options: Any) -> None:
    """Write the file, with one more filler each time; nearly always the first is taken. Raises Unfinished."""
    own = len(pdf.objects)
    for fillers in range(_ATTEMPTS):
        del pdf.objects[own:]
        for _ in range(fillers):
            pdf.add_object(pydyf.Dictionary())
        pdf.current_position = 0
        written = BytesIO()
        write(written, *options)
        if is_clean(written.getvalue()):
            output.write(written.getvalue())
            return
    raise Unfinished


def is_clean(data: bytes) -> bool:
    """Say whether no stream of the file ends in a byte that looks like an end of line."""
    return _UNCLEAN.search(data) is None


def _end_cleanly(stream: pydyf.Stream) -> None:
    """Compress the stream for good, so that its last byte is none that looks like an end of line."""
    content = b"\n".join(item.data if isinstance(item, pydyf.Object) else _bytes(item) for item in stream.stream)
    compressed = zlib.compress(content, _LEVEL)
    while compressed.endswith((b"\n", b"\r")):
        content += b" "
        compressed = zlib.compress(content, _LEVEL)
        if "Length1" in stream.extra:
            stream.extra["Length1"] += 1
    stream.stream, stream.compress = [compressed], False
    stream.extra["Filter"] = "/FlateDecode"


def _bytes(item: bytes | str) -> bytes:
    return item if isinstance(item, bytes) else str(item).encode("ascii")
