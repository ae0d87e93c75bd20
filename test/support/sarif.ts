import { Ajv } from 'ajv';

const text = { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } }, additionalProperties: false };
const artifactLocation = {
  type: 'object', required: ['uri'], additionalProperties: false,
  properties: { uri: { type: 'string', pattern: '^(file:///)?[\\w.~!$&\'()*+,;=@%/-]+$' }, index: { type: 'integer', minimum: 0 } },
};
const place = { type: 'integer', minimum: 1 };
const region = { type: 'object', required: ['startLine', 'startColumn', 'endLine', 'endColumn'], properties: { startLine: place, startColumn: place, endLine: place, endColumn: place }, additionalProperties: false };
const physicalLocation = { type: 'object', required: ['artifactLocation'], properties: { artifactLocation, region }, additionalProperties: false };

const rule = {
  type: 'object', required: ['id', 'shortDescription', 'fullDescription', 'help'], additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' }, shortDescription: text, fullDescription: text,
    help: { type: 'object', required: ['text', 'markdown'], properties: { text: { type: 'string', minLength: 1 }, markdown: { type: 'string', minLength: 1 } }, additionalProperties: false },
  },
};

const result = {
  type: 'object', required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations'], additionalProperties: false,
  properties: {
    ruleId: { type: 'string' }, ruleIndex: { type: 'integer', minimum: 0 }, level: { enum: ['error', 'warning'] }, message: text,
    locations: { type: 'array', minItems: 1, maxItems: 1, items: { type: 'object', required: ['physicalLocation'], properties: { physicalLocation }, additionalProperties: false } },
    relatedLocations: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'object', required: ['id', 'message', 'physicalLocation'], properties: { id: { type: 'integer', minimum: 0 }, message: text, physicalLocation }, additionalProperties: false } },
  },
};

/** What SARIF 2.1.0 asks of a log (sections 3.13 to 3.52), narrowed to the objects and properties that are written here. */
const LOG = {
  type: 'object', required: ['$schema', 'version', 'runs'], additionalProperties: false,
  properties: {
    $schema: { const: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array', minItems: 1, maxItems: 1,
      items: {
        type: 'object', required: ['tool', 'columnKind', 'artifacts', 'results'], additionalProperties: false,
        properties: {
          tool: {
            type: 'object', required: ['driver'], additionalProperties: false,
            properties: { driver: { type: 'object', required: ['name', 'semanticVersion', 'rules'], properties: { name: { const: 'gateway' }, semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' }, rules: { type: 'array', uniqueItems: true, items: rule } }, additionalProperties: false } },
          },
          columnKind: { const: 'utf16CodeUnits' },
          artifacts: { type: 'array', uniqueItems: true, items: { type: 'object', required: ['location'], properties: { location: artifactLocation }, additionalProperties: false } },
          results: { type: 'array', items: result },
        },
      },
    },
  },
};

/** A log that was checked. */
export interface SarifLog {
  readonly runs: readonly [{
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly help: { readonly markdown: string } }[] } };
    readonly artifacts: readonly { readonly location: { readonly uri: string } }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string; readonly index: number }; readonly region?: { readonly startLine: number; readonly startColumn: number } } }[];
      readonly relatedLocations?: readonly object[];
    }[];
  }];
}

const check = new Ajv({ strict: true, allErrors: true }).compile<SarifLog>(LOG);

/** Reads a log; fails where it is not as SARIF asks, or where its indexes lead elsewhere than its names. */
export function readSarif(json: string): SarifLog {
  const log: unknown = JSON.parse(json);
  if (!check(log)) throw new Error(JSON.stringify(check.errors, null, 1));
  const [{ tool, artifacts, results }] = log.runs;
  for (const { ruleId, ruleIndex, locations: [at] } of results) {
    if (tool.driver.rules[ruleIndex]?.id !== ruleId) throw new Error(`rule ${ruleIndex} is not ${ruleId}`);
    const { uri, index } = at?.physicalLocation.artifactLocation ?? {};
    if (artifacts[index ?? -1]?.location.uri !== uri) throw new Error(`artifact ${index} is not ${uri}`);
  }
  return log;
}
