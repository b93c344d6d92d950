import {
  findBreakingChanges,
  findDangerousChanges,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';

interface Deprecatable {
  name: string;
  deprecationReason?: string | null | undefined;
}

const DATE = /\b\d{4}-\d{2}-\d{2}\b/;
const WORD = /\p{Letter}{2}/u;

/**
 * Changes that must not be released as they are, a line each: breaking ones that the changelog does not name, and
 * deprecations without a reason or a date.
 * @param changelog the text of CHANGELOG.md
 */
export function problemsOf(released: GraphQLSchema, current: GraphQLSchema, changelog: string): string[] {
  const announced = breakingSectionOf(changelog);
  return [
    ...findBreakingChanges(released, current)
      .filter(({ description }) => !isAnnounced(description, announced))
      .map(
        ({ type, description }) =>
          `${type}: ${description} Name it in CHANGELOG.md under "Unreleased", "Breaking", or take it back.`,
      ),
    ...unexplainedDeprecations(current).map(
      (path) =>
        `${path} is deprecated without a reason or a date: say what to use instead, and since when, as YYYY-MM-DD.`,
    ),
  ];
}

/** Changes that can surprise a client without breaking its queries, such as a new enum value. */
export const noticesOf = (released: GraphQLSchema, current: GraphQLSchema): string[] =>
  findDangerousChanges(released, current).map(({ type, description }) => `${type}: ${description}`);

/** The text under "### Breaking" of the unreleased version; empty without one. */
function breakingSectionOf(changelog: string): string {
  const unreleased = /^## \[Unreleased\]$(.*?)(?=^## |$(?![^]))/ms.exec(changelog)?.[1] ?? '';
  return /^### Breaking$(.*?)(?=^##|$(?![^]))/ms.exec(unreleased)?.[1] ?? '';
}

const isAnnounced = (description: string, announced: string): boolean =>
  announced.includes(`\`${coordinateIn(description)}\``);

/** The schema coordinate, such as `Image.label`, that graphql-js names in the description of a change. */
function coordinateIn(description: string): string {
  const member =
    /^(\w+) was (?:removed from|added to) (?:enum|union) type (\w+)|field (\w+) on input type (\w+)/.exec(
      description,
    );
  if (member) return `${member[2] ?? member[4]}.${member[1] ?? member[3]}`;
  return /\w+\.\w+/.exec(description)?.[0] ?? /^\w+/.exec(description)?.[0] ?? '';
}

function unexplainedDeprecations(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isEnumType(type)) return unexplained(type.name, type.getValues());
    if (isInputObjectType(type)) return unexplained(type.name, Object.values(type.getFields()));
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    const fields = Object.values(type.getFields());
    return [
      ...unexplained(type.name, fields),
      ...fields.flatMap(({ name, args }) => unexplained(`${type.name}.${name}`, args)),
    ];
  });
}

const unexplained = (owner: string, members: readonly Deprecatable[]): string[] =>
  members
    .filter(({ deprecationReason }) => deprecationReason != null && !isExplained(deprecationReason))
    .map(({ name }) => `${owner}.${name}`);

const isExplained = (reason: string): boolean => DATE.test(reason) && WORD.test(reason);
