"""Sorting Japanese readings the way a dictionary does, on any database."""

import unicodedata

_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_VOWEL = {
    "あ": "あかさたなはまやらわ",
    "い": "いきしちにひみりゐ",
    "う": "うくすつぬふむゆる",
    "え": "えけせてねへめれゑ",
    "お": "おこそとのほもよろを",
}


def hiragana(text: str) -> str:
    """Return the text in full-width hiragana: カナ, ｶﾅ and かな read the same.

    >>> hiragana("ﾆｾｺﾁｮｳ")
    'にせこちょう'
    """
    plain = unicodedata.normalize("NFKC", text)
    return "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in plain)


def kana_key(kana: str) -> str:
    """Return the first-level sort key of JIS X 4061: small and voiced letters as their base, ー as its vowel.

    >>> kana_key("がーぜっと")
    'かあせつと'
    """
    out = ""
    for char in hiragana(kana):
        base = unicodedata.normalize("NFD", char)[0].translate(_SMALL)
        if base == "ー" and out:
            base = next((vowel for vowel, row in _VOWEL.items() if out[-1] in row), base)
        out += base
    return out
