/**
 * Letters of other scripts that look like a Latin one in common typefaces: a hand-made part of what UTS #39
 * calls confusables. Greek letters that people write for quantities (`α`, `μ`, `ρ`, `Δ`, `Ω`) are not in it.
 */
const CYRILLIC = 'аaеeоoрpсcхxуyіiјjѕsһhԁdԛqԝwӏlАAВBЕEКKМMНHОOРPСCТTХXУYІIЈJЅSԌG';
const GREEK = 'οoνvΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX';
const OTHERS = 'օoɑaɡgᎪAᎢTᎡRᎥiᎬEᎳWᎷMᎻHᏃZᏢPᏟCᏞLᏴBᏔWᏚS';

export const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [CYRILLIC, GREEK, OTHERS].flatMap((pairs) => {
    const letters = [...pairs];
    return letters.flatMap((letter, at): [string, string][] =>
      at % 2 === 0 ? [[letter, (letters[at + 1] ?? '').toLowerCase()]] : [],
    );
  }),
);
