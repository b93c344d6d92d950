import type { ImageFilter, ImageRegionStatus } from '../../generated/schema.js';
import { toRegionSlug } from '../models/globalId.js';
import { toImageId } from '../models/imageId.js';
import type { ImageModel } from '../models/image.js';
import type { CompiledFilter } from './filterOrdered.js';
import {
  ANY,
  ConditionSet,
  equals,
  every,
  fieldOf,
  includes,
  isOneOf,
  matchesDateTime,
  matchesInt,
  matchesString,
  Text,
  type Predicate,
} from './filter.js';

/**
 * Compiles an `ImageFilter`.
 * @throws {GraphQLError} BAD_USER_INPUT if it names what can't be an image ID
 */
export function compileImageFilter(filter: ImageFilter): CompiledFilter<ImageModel> {
  const set = new ConditionSet<ImageModel>();
  return { matches: new ImageFilterCompiler(set).compile(filter), work: set };
}

type TextField = 'label' | 'description' | 'vendor' | 'createdBy';
type TimeField = 'created' | 'updated' | 'expiry' | 'eol';
type Compiled = Predicate<ImageModel> | undefined;

/** All conditions share these fields: dates are parsed, and case is folded, once per row. */
class ImageFilterCompiler {
  readonly #texts = {
    label: textField('label'),
    description: textField('description'),
    vendor: textField('vendor'),
    createdBy: textField('createdBy'),
  };
  readonly #times = {
    created: timeField('created'),
    updated: timeField('updated'),
    expiry: timeField('expiry'),
    eol: timeField('eol'),
  };

  readonly #tags = fieldOf((image: ImageModel) => image.tags.map((tag) => new Text(tag)));

  constructor(private readonly set: ConditionSet<ImageModel>) {}

  /** Only the given fields are visited: filters of thousands of nested conditions have one each. */
  readonly compile = (filter: ImageFilter): Predicate<ImageModel> =>
    every((Object.keys(filter) as (keyof ImageFilter)[]).map((name) => this.#field(name, filter)));

  #field(name: keyof ImageFilter, filter: ImageFilter): Compiled {
    switch (name) {
      case 'and':
        return this.set.and(filter.and?.map(this.compile));
      case 'or':
        return this.set.or(filter.or?.map(this.compile));
      case 'not':
        return this.set.not(filter.not == null ? undefined : this.compile(filter.not));
      case 'label':
      case 'description':
      case 'vendor':
      case 'createdBy':
        return this.#text(name, filter[name]);
      case 'created':
      case 'updated':
      case 'expiry':
      case 'eol':
        return this.set.on(this.#times[name], matchesDateTime(filter[name]));
      case 'id':
        return this.set.on((image) => image.id, isOneOf(filter.id?.map((id) => toImageId(id, 'filter.id'))));
      case 'type':
      case 'status':
        return this.set.on((image) => image[name], isOneOf<string>(filter[name]));
      case 'isPublic':
      case 'deprecated':
        return this.set.on((image) => image[name], equals(filter[name]));
      case 'capability':
        return this.set.on((image) => image.capabilities, includes(filter.capability));
      case 'size':
        return this.set.on((image) => image.size, matchesInt(filter.size));
      case 'totalSize':
        return this.set.on((image) => image.totalSize, matchesInt(filter.totalSize));
      case 'isShared':
        return this.set.on((image) => image.isShared, equals<boolean | null>(filter.isShared));
      case 'tag':
        return this.set.onAny<Text | null>(
          this.#tags,
          filter.tag == null ? undefined : (matchesString(filter.tag) ?? ANY),
          tagCount,
          tagLength,
        );
      case 'region':
        return this.set.onAny(
          regionIds,
          isOneOf(filter.region?.flatMap((id) => toRegionSlug(id) ?? [])),
          regionCount,
        );
      case 'regionStatus':
        return this.set.onAny(regionStatuses, isOneOf(filter.regionStatus), regionCount);
    }
  }

  #text(name: TextField, filter: ImageFilter[TextField]): Compiled {
    const { value, length } = this.#texts[name];
    return this.set.on(value, matchesString(filter), length);
  }
}

const textField = (name: TextField) => ({
  value: fieldOf((image: ImageModel) => {
    const text = image[name];
    return text === null ? null : new Text(text);
  }),
  length: (image: ImageModel): number => image[name]?.length ?? 0,
});

const timeField = (name: TimeField) =>
  fieldOf((image: ImageModel) => {
    const time = image[name];
    return time === null ? null : Date.parse(time);
  });

const tagCount = ({ tags }: ImageModel): number => tags.length;
const tagLength = ({ tags }: ImageModel): number => tags.reduce((sum, tag) => sum + tag.length, 0);

const regionIds = ({ regions }: ImageModel): string[] => regions?.map(({ regionId }) => regionId) ?? [];
const regionStatuses = ({ regions }: ImageModel): ImageRegionStatus[] =>
  regions?.map(({ status }) => status) ?? [];
const regionCount = ({ regions }: ImageModel): number => regions?.length ?? 0;
