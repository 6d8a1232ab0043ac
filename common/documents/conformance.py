"""One file that is PDF/A-3a (archive) and PDF/UA-1 (accessible) at the same time.

WeasyPrint declares one variant. This finisher rewrites the XMP packet so that it declares both, uncompressed as
archives expect it, with the extension schema that PDF/A asks for when a foreign namespace (pdfuaid) is used
(ISO 19005-3, 6.6.2.3; ISO 14289-1, 5).
"""

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


def declare_both(document: Any, pdf: pydyf.PDF) -> None:
    """Finish a PDF/A-3a file of WeasyPrint by adding the PDF/UA-1 mark (a `finisher` of `write_pdf`)."""
    rdf = document.metadata.generate_rdf_metadata("a", 3, "A")
    packet = _PACKET + rdf.replace(b"</rdf:RDF>", _PDFUA) + _END
    number = int(pdf.catalog["Metadata"].split()[0])
    stream = pydyf.Stream([packet], {"Type": "/Metadata", "Subtype": "/XML"}, compress=False)
    stream.number, stream.offset = number, pdf.objects[number].offset
    pdf.objects[number] = stream
