"""Printed letters of many scripts in several typefaces, drawn with the fonts that come with matplotlib.

Greek is left out: the handwritten Greek letters that measure rejection must be new to the network.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

import cv2
import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.ft2font import FT2Font

Image = npt.NDArray[np.uint8]

SIDE = 96
"""Side in pixels of the square in which a letter is drawn, bent and thickened."""
_HEIGHT = 60
"""Longer side of a letter in pixels; the rest leaves room for bending."""
GLYPHS = (
    "ACEFGHKLMNPRTUVWXYcdefhkmnprtuvwxyÀÁÂÃÄÅÆÇÈÉÊËÑÙÚÜÝÞßàá"
    "âãäåæèéêëñùúüýþÿĀāĂăąĆćĈĉĊċČčďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĲĳĶķ"
    "ĸĹĻĽĿŃńŅņŇňŉŊŒœŔŕŖŘřŢţŤťŧũŪūŭŰűŲŴŵŶŷŸЀЁЂЄЉЊЋЌЍЎЏАДЕЖИЙ"
    "КЛМНПРСТУФХШЩЪЫЮЯгдежийклмнпрстуфхшщъыюяѐёђѓєљњћќѝўԱԲԳԵ"
    "ԷԸԹԺԻԼԽԾՀՃՄՆՇՈՊՋՌՍՐՒՓՔՖաբգեէըթժիխծհձմնոչպջռստրցւփքֆևაბდ"
    "თლმორსუფქღშჩცძჭხჯאהחכמנעפץצקשתⴱⴲⴳⴴⴷⴸⴹⴻⴼⴽⴾⴿⵀ"
    "ⵁⵂⵃⵄⵅⵆⵇⵈⵉⵋⵌⵍⵎⵐⵕⵗⵘⵛⵜⵝⵞⵟⵠⵡⵣⵤⵥᐁᐂᐃᐄᐅᐆᐇᐉᐊᐋᐌᐍᐎᐏᐐᐑᐒᐓᐔᐕᐖᐗᐘᐙᐚᐛᐝᐞ"
    "ᐠᐡᐢᐣᐥᐦᐧᐨᐩᐪᐫᐬᐭᐮᐯᐰᐱᐲᐳᐴᐵᐷᐸᐹᐺᐻᐼᐽᐾᐿᑀᑁᑂᑃᑄᑅᑆᑇᑈᑉᑌᑍᑎᑏᑐᑑᑒᑔᑕᑖᑗᑘᑙᑚᑛᑜᑝᑞᑟᑠ"
    "ᑡᑢᑣᑤᑥᑦᑧᑨᑩᑬᑭᑮᑯᑰᑱᑶᑷᑸᑹᑺᑻᑼᑽᑾᒀᒁᒂᒄᒅᒆᒇᒈᒊᒋᒌᒍᒎᒏᒐᒑᒔᒕᒖᒗᒘᒙᒚᒛᒜᒝᒞᒟᒠᒡᒢᒤ"
    "ᒥᒦᒧᒨᒩᒪᒫᒮᒯᒰᒱᒲᒳᒴᒵᒶᒷᒸᒹᒺᒻᒼᒽᓀᓁᓂᓃᓄᓅᓆᓇᓈᓉᓊᓋᓌᓍᓎᓏᓐᓑᓒᓓᓔᓕᓖᓗᓘᓙᓚᓛᓜᓝᓞᓟᓠᓡᓢᓣᓤ"
    "ᓥᓦᓧᓨᓩᓪᓬᔀᔁᔂᔃᔄᔅᔜᔝᔞᔟᔠᔡᔢᔣᔤᔥᔧᔨᔩᔪ"
    "ᔫᔬᔭᔮᔯᔰᔱᔲᔳᔴᔵᔶᔷᔸᔹᔺᔻᔼᔽᔾᕀᕁᕂᕃᕄᕅᕆᕇᕉᕌᕍᕎᕏᕓᕔᕕᕖᕗᕘᕙᕚᕛᕜᕝᕞᕟᕠᕡᕢᕣᕤᕥᕦᕧᕨᕩᕪ"
    "ᕵᕶᕷᕸᕹᕺᕻᕼᕽᕾᕿᖀᖁᖂᖃᖄᖅᖋᖌᖍᖎᖏᖐᖑᖒᖓᖔᖕᖖᖠᖡᖢᖣᖤᖥᖦᖨᖩᖪᖫᖬᖭᖮᗡᙇᙯᙰᙱᙲᙳᙴᙵᙶກຂຄ"
    "ຊຍດຕຖທນບປຜຝພຟມຢລວສຫອߌߍߎߏߐߑߒߓߖߘߙߚߛߜߠߡߢߥߦߧꓑꓒꓔꓗꓘꓙꓚꓛꓝ"
    "ꓞꓟꓠꓡꓣꓤꓥꓦꓧꓩꓪꓫꓬꓮꓯꓰꓴꓵꓸꓺ"
)
"""Letters of the Latin, Cyrillic, Armenian, Georgian, Hebrew, Lao, N'Ko, Lisu, Tifinagh and Canadian syllabic
scripts in DejaVu Sans, without those that pass for digits: a letter is left out if at least two in five of
its bent forms were read as a digit (`lookalikes` lists more of them)."""


class Face(NamedTuple):
    """One of the fonts that come with matplotlib."""

    file: str
    without: str = ""
    """Letters that pass for digits in this typeface, but not in the first."""


FACES = (
    Face("DejaVuSans.ttf"),
    Face("DejaVuSerif.ttf", "Gւმჩ"),
    Face("DejaVuSerif-Italic.ttf", "GâåąĜŢЪгиգնւმშჩჭ"),
    Face("STIXGeneralItalic.ttf", "fĝġţŪŷг"),
    Face("DejaVuSansMono.ttf", "GÇĠĻņŰŷԳգձցამჩცხອ"),
)
"""Each adds new forms: serifs are hooks at the ends of strokes, and italics are close to handwriting."""


class Letter(NamedTuple):
    """A letter in one typeface."""

    sign: str
    face: Face


@functools.cache
def catalogue() -> tuple[Letter, ...]:
    """Return each letter in each typeface that has it."""
    found = []
    for face in FACES:
        known = _font(face.file).get_charmap()
        found += [Letter(sign, face) for sign in GLYPHS if ord(sign) in known and sign not in face.without]
    return tuple(found)


@functools.cache
def _font(file: str) -> FT2Font:
    # By path, not by name: a system font of the same name would have other letters.
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / file))
    font.set_size(SIDE, 72)
    return font


def printed(letter: Letter) -> Image:
    """Return the filled outline, 255 on 0, uint8 [96, 96], centred, with the longer side `_HEIGHT`."""
    font = _font(letter.face.file)
    font.set_text(letter.sign)
    font.draw_glyphs_to_bitmap(antialiased=True)
    ink = np.array(font.get_image(), np.uint8)
    rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = _HEIGHT / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    out = np.zeros((SIDE, SIDE), np.uint8)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    out[top : top + height, left : left + width] = cv2.resize(
        ink, (width, height), interpolation=cv2.INTER_AREA
    )
    return np.where(out > 127, 255, 0).astype(np.uint8)
