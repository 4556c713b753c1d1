"""Words that coincide with airport codes unless written in capitals."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FUNCTION_WORDS = _set(
    """
    can cos dad for get got had has her kgs kms lbs let per pls she tmr was
    """
)
"""Codes that are far more often these words; they count as codes only in capitals."""

CODE_WORDS = _set(
    """
    abs ace act ada add aga alf anu ark arm arn art asp aus bag bah bay beg bel ben bes bet bia bio bla bob bod
    bog bon boo boy bri bro bud bug cap cay cha chi cho cia cod coo cor cue cum cur dab dal dam dar dat day deb
    ded del den din dir dod doh dol dom dub dud ear eas eat eau elm ema ene esc eve ext fae far fat fay fen flo
    fog gay geo ges gig gil gis gro gum ham han hav heh hel hog hom hor hou hun ida imp inc ini inn ios ise jac
    jai jax jed jer joe jog jos jub kid kim kin kir kos la lad lan lap lar las lau law lax lea led leh lei len
    lex lil lim lin lit lon lop los lux luz mad mag mah maj mam man mao med mei mel mem mex mia mid mig mil mob
    mod mol mot mow mun nag nap nas nat nav nev nola nos num oak ohs ord osa pac pad pah pap par pas pat paz pee
    peg pei pen pes pew pez pia pie pir pit pol pop por pos pty pub pus rae rai raj rao rap ras rec reg rel ren
    rep res rex ric rio ris rob roc rom ros rot row run rut sag sah sai sal san sap sat sav saw sdk sea seb sel
    sen sha sho sid sin sir sit soc sof son sou sow ssh str sub suv svg tab tac tae tag tak tam tao tap tar tas
    tat ter tet thr tia tif tim tip tir tmp tob toe tom tos toy tri tug tun tup uth van var vas ver vie vii vol
    wag wat wei wic yam yap yum zag zig
    """
)
"""Codes that are also a word, a given name or an abbreviation."""

ACRONYMS = _set(
    """
    CCP CDC CIA CTA DSS EMA GIS GOP GPA GST ICT IMF INC IPC ISK LED MBA MSN NGO NYT NYU PDT PNR POS PPS PPT PSP
    SDK SUV TSA VII
    """
)
"""Codes that have another meaning even in capitals."""

LINKING_WORDS = _set(
    """
    and at back by for from in into leaving next on or out please pls return returning round roundtrip then this
    thx to today tomorrow tonight until via with airport flight flights train trip jan feb mar apr may jun jul
    aug sep sept oct nov dec january february march april june july august september october november december
    mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday
    """
)
"""Words that may follow a place; before other words a short code is read as a word: "sea view", but "sea to den"."""
