"""Printed letters of many scripts in several faces, as matplotlib's fonts draw them.

Greek is left out: the handwritten Greek letters that measure the rejection must be new to the network.
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
"""Pixels of the square in which a letter is drawn, bent and thickened."""
_HEIGHT = 60
"""Pixels of a letter's longer side; the rest leaves room for the bend."""
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
"""Letters of the Latin, Cyrillic, Armenian, Georgian, Hebrew, Lao, N'Ko, Lisu, Tifinagh and Canadian
syllabic scripts that DejaVu Sans has, without those that pass for digits: of the bent forms of each that is
left out at least two in five were read as a digit (`lookalikes` lists more of them)."""


class Face(NamedTuple):
    """One font of those that come with matplotlib."""

    file: str
    without: str = ""
    """Letters that pass for digits in this face, though not in the first."""


FACES = (
    Face("DejaVuSans.ttf"),
    Face("DejaVuSerif.ttf", "Gւმჩ"),
    Face("DejaVuSerif-Italic.ttf", "GâåąĜŢЪгиգնւმშჩჭ"),
    Face("STIXGeneralItalic.ttf", "fĝġţŪŷг"),
    Face("DejaVuSansMono.ttf", "GÇĠĻņŰŷԳգձցამჩცხອ"),
)
"""Serifs are hooks at the ends of strokes and italics are half a hand, so that each face adds forms."""


class Letter(NamedTuple):
    """A letter of one face."""

    sign: str
    face: Face


@functools.cache
def catalogue() -> tuple[Letter, ...]:
    """Each letter of each face that has it."""
    found = []
    for face in FACES:
        known = _font(face.file).get_charmap()
        found += [Letter(sign, face) for sign in GLYPHS if ord(sign) in known and sign not in face.without]
    return tuple(found)


@functools.cache
def _font(file: str) -> FT2Font:
    # By its path and not by its name: another font of that name in the system would have other letters.
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / file))
    font.set_size(SIDE, 72)
    return font


def printed(letter: Letter) -> Image:
    """Its outline filled, 255 on 0: uint8 [96, 96], the longer side `_HEIGHT`, in the middle."""
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
