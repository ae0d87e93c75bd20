import type { Range } from '../diagnostics/diagnostic.js';
import type { Palette } from '../diagnostics/draw.js';
import { printable } from '../diagnostics/printable.js';
import type { ExplainedPlugin, ExplainedUpstream, Explanation } from '../explain/explanation.js';
import { visible } from './test-report.js';

/** An explanation for people. */
export function inWords(explained: Explanation, palette: Palette): string {
  const explanation = inert(explained);
  const { request, path, refused, consumer, others, silent, plugins, upstream } = explanation;
  const { bold, dim } = palette;
  return `${[
    `${bold(`${request.method} ${request.target}`)} to ${request.host} from ${request.from}`,
    '',
    ...(refused === undefined ? [] : [`${bold('refused')}  ${refused}`]),
    ...(path === undefined ? [] : [`${bold('path')}     ${path}`]),
    ...routeLines(explanation, palette),
    ...others.slice(0, MOST).map(({ route, because, place }) => `  not ${route}: ${because} ${dim(textOf(place))}`),
    ...(others.length > MOST ? [`  and ${others.length - MOST} more`] : []),
    ...(consumer === undefined ? [] : [`${bold('consumer')} ${consumer}`]),
    ...(plugins.length > 0 ? [bold('plugins')] : []),
    ...plugins.flatMap((plugin) => pluginLines(plugin, palette)),
    ...silent.map(({ plugin, source, because, place }) => `  ${dim('-')} ${plugin} on ${source}: ${because} ${dim(textOf(place))}`),
    ...(upstream ? upstreamLines(upstream, palette) : []),
    ...answerLines(explanation, palette),
  ].join('\n')}\n`;
}

/** Without what a terminal would obey: of the body, which has lines, that is left to whoever draws it. */
function inert(explanation: Explanation): Explanation {
  return JSON.parse(JSON.stringify(explanation, (name, field: unknown) => (typeof field === 'string' && name !== 'body' ? printable(field) : field))) as Explanation;
}

/** Of other routes nobody reads more; JSON has them all. */
const MOST = 20;

const textOf = ({ file, start }: Range): string => `(${file}:${start.line}:${start.column})`;

function routeLines({ route, refused }: Explanation, { bold, dim }: Palette): string[] {
  if (refused !== undefined) return [];
  if (!route) return [`${bold('route')}    none`];
  return [`${bold('route')}    ${route.id}${route.name === undefined ? '' : ` (${route.name})`}${route.service === undefined ? '' : `, of the service ${route.service}`} ${dim(textOf(route.place))}`];
}

const OUTCOMES: Readonly<Record<ExplainedPlugin['outcome'], string>> = {
  passes: 'lets it pass', answers: 'answers', fails: 'fails: a bug of this plugin',
  unknown: 'not known here: it asks other servers', filtered: 'does not run: its _meta.filter does not fit', 'not-reached': 'is not reached',
};

function pluginLines({ plugin, source, phase, outcome, changes, inner, place }: ExplainedPlugin, palette: Palette): string[] {
  const { dim, red } = palette;
  const told = outcome === 'answers' || outcome === 'fails' ? red(OUTCOMES[outcome]) : OUTCOMES[outcome];
  return [
    `  ${plugin} on ${source}, ${phase}: ${told} ${dim(textOf(place))}`,
    ...changes.map((change) => `    ${change}`),
    ...inner.map((one) => `    ${one.plugin}, ${one.phase}: ${OUTCOMES[one.outcome]}${one.changes.map((change) => `; ${change}`).join('')}`),
  ];
}

function upstreamLines({ id, scheme, type, nodes, sent, place }: ExplainedUpstream, { bold, dim }: Palette): string[] {
  return [
    `${bold('upstream')} ${id}, ${scheme}, ${type} ${dim(textOf(place))}`,
    ...nodes.map(({ node, weight, priority }) => `  ${node} weight ${weight}${priority === 0 ? '' : ` priority ${priority}`}`),
    ...(sent ? [`  ${dim('gets')} ${sent.method} ${sent.target} ${dim(`(at ${sent.node})`)}`, ...sent.headers.map(([name, value]) => `       ${name}: ${value}`)] : []),
  ];
}

function answerLines({ answer: { status, by, headers, body } }: Explanation, { bold }: Palette): string[] {
  return [
    `${bold('answer')}   ${status === undefined ? `whatever ${by} answers` : `${status}, by ${by}`}`,
    ...headers.map(([name, value]) => `  ${name}: ${value}`),
    ...(body === undefined || body === '' ? [] : [`  ${body.startsWith('<html>') ? 'a page of HTML' : visible(body.trimEnd())}`]),
  ];
}
