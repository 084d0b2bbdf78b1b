/**
 * Characters that a reader does not see, for a class of a regular expression with the flag `u`: zero-width and
 * bidirectional ones, variation selectors, fillers and blanks of several scripts, noncharacters, annotation marks.
 * Unicode has no property for all of them: it takes a blank of braille (U+2800) for a symbol.
 */
export const UNSEEN_CHARACTERS =
  String.raw`\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufff9-\ufffb` +
  String.raw`\u{13430}-\u{1343f}\u{13441}\u{13442}\u{16fe4}\u{1d159}`;
