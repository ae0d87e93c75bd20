/**
 * A text with nothing in it that a terminal or the reader of a log would obey: one column for each unit, tabs as arrows,
 * since they may be what is wrong.
 */
export const printable = (text: string): string => text.replaceAll('\t', '→').replace(/[\u2028\u2029]/g, ' ').replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '·');
