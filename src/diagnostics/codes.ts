/**
 * Every code that a diagnostic may carry, with what it means. Codes are stable: scripts may match on them.
 */
export const CODES = {
  'file-missing': 'The configuration file does not exist.',
  'file-unreadable': 'The configuration file exists but cannot be read.',
  'file-too-large': 'The configuration file is larger than the gateway is willing to read.',
  'file-empty': 'The configuration file says nothing.',
  'file-not-text': 'The configuration file is not UTF-8 text.',
  'yaml-syntax': 'The text is not valid YAML.',
  'yaml-duplicate-key': 'One mapping has the same key twice.',
  'yaml-alias': 'Anchors, aliases and merge keys are not accepted.',
  'yaml-too-deep': 'The text nests deeper than a configuration ever does.',
  'yaml-key': 'A mapping key is not a plain text.',
  'yaml-tag': 'Tags are not accepted.',
  'yaml-several-documents': 'The file holds more than one YAML document.',
  'env-not-set': 'A placeholder names an environment variable that is not set.',
  'env-malformed': 'A placeholder for an environment variable is not well formed.',
  'wrong-type': 'A value is of another kind than its field takes.',
  'wrong-value': 'A value is of the right kind, but not one that its field takes.',
  'missing-field': 'A required field is not there.',
  'unknown-field': 'A field has a name that nothing knows.',
  'unsupported-field': 'Apache APISIX knows this field, this gateway does not (yet).',
  'unknown-plugin': 'No plugin has this name here.',
  'plugin-null': 'A plugin is configured with nothing at all.',
  'conflicting-fields': 'Two fields exclude each other.',
  'duplicate-id': 'Two resources of one kind have the same id.',
  'duplicate-consumer': 'Two consumers have the same username.',
  'duplicate-credential': 'Two consumers have the same credential.',
  'dangling-reference': 'An id is referred to, and nothing has it.',
  'never-matches': 'A route asks for what no request has once its path and host are made canonical.',
  'literal-pattern': 'A path looks like a pattern of another gateway, and is taken to the letter.',
  'no-node': 'An upstream has no node that takes requests.',
  'no-effect': 'A field does nothing without another.',
  'unusual-credential': 'A credential holds what a client can hardly send.',
  'literal-reference': 'A credential looks like a reference to a variable, and is taken to the letter.',
  'unused-upstream': 'No route refers to this upstream.',
  'secret-not-set': 'A secret reference names an environment variable that is not set.',
  'plugin-rejected': 'A plugin refuses its configuration for a reason that no schema can tell.',
} as const;

/** The stable name of one kind of diagnostic. */
export type Code = keyof typeof CODES;
