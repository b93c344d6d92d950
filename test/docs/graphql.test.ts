import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  KnownDirectivesRule,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { loadTypeDefs } from '../../src/graphql/sdl.js';
import { blocksOf, codeWordsOf, documentAt, documents } from '../support/documents.js';
import { PACKAGE } from '../support/gateway.js';

const schema = buildSchema(loadTypeDefs(join(PACKAGE, 'schema')).join('\n'));

/** The names of a type's fields or values; undefined where the schema has no such type. */
function membersOf(typeName: string): string[] | undefined {
  const type = schema.getType(typeName);
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return Object.keys(type.getFields());
  return isEnumType(type) ? type.getValues().map(({ name }) => name) : undefined;
}

it('the schema itself is described', () => {
  expect(schema.description).toMatch(/Linode Images API/);
});

/** What a client's compiler adds: a fragment by itself, its arguments, its directives. */
const CLIENTS = new Set([KnownDirectivesRule, NoUndefinedVariablesRule, NoUnusedFragmentsRule]);
const clientRules = specifiedRules.filter((rule) => !CLIENTS.has(rule));

describe.each(documents)('$path', (document) => {
  const blocks = blocksOf(document);

  it('asks what the schema answers', () => {
    for (const { code } of blocks.filter(({ language }) => language === 'graphql')) {
      expect([code, validate(schema, parse(code))]).toEqual([code, []]);
    }
    const scripts = blocks.filter(({ language }) => ['ts', 'js'].includes(language));
    for (const { code } of scripts) {
      for (const [, operation = ''] of code.matchAll(/(?:gql|graphql)\(?`(.*?)`/gs)) {
        expect([operation, validate(schema, parse(operation), clientRules)]).toEqual([operation, []]);
      }
    }
  });

  it("names fields that the schema's types have", () => {
    const unknown = codeWordsOf(document).filter((word) => {
      const [, type = '', member = ''] = /^([A-Z]\w+)\.(\w+)$/.exec(word) ?? [];
      const members = membersOf(type);
      return members !== undefined && !members.includes(member);
    });
    expect(unknown).toEqual([]);
  });
});

it('docs/rest-to-graphql.md tells where every field of an answer comes from', () => {
  const types = ['Query', 'Mutation', 'Image', 'ImageRegion', 'ImageSharedBy', 'ImagePermissions'].concat([
    'Region',
    'Linode',
    'Disk',
    'User',
    'Profile',
    'AccountPermissions',
    'Event',
  ]);
  const fields = types.flatMap((type) => (membersOf(type) ?? []).map((field) => `${type}.${field}`));
  const told = codeWordsOf(documentAt('docs/rest-to-graphql.md'));
  expect(fields.filter((field) => !told.includes(field))).toEqual([]);
});
