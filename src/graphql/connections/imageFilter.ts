import type { ImageFilter } from '../../generated/schema.js';
import {
  combine,
  equals,
  isOneOf,
  matchesDateTime,
  matchesInt,
  matchesString,
  on,
  type Predicate,
} from './filter.js';
import type { ImageModel } from '../models/image.js';

/** Compiles an `ImageFilter` to a predicate. */
export function matchesImage(filter: ImageFilter): Predicate<ImageModel> {
  const { capability } = filter;
  return combine<ImageFilter, ImageModel>(filter, matchesImage, [
    on((image) => image.id, isOneOf(filter.id)),
    on((image) => image.label, matchesString(filter.label)),
    on((image) => image.description, matchesString(filter.description)),
    on((image) => image.vendor, matchesString(filter.vendor)),
    on((image) => image.createdBy, matchesString(filter.createdBy)),
    on((image) => image.isPublic, equals(filter.isPublic)),
    on((image) => image.deprecated, equals(filter.deprecated)),
    on((image) => image.type, isOneOf(filter.type)),
    on((image) => image.status, isOneOf(filter.status)),
    capability == null ? undefined : (image) => image.capabilities.includes(capability),
    on((image) => image.size, matchesInt(filter.size)),
    on((image) => image.created, matchesDateTime(filter.created)),
    on((image) => image.updated, matchesDateTime(filter.updated)),
    on((image) => image.expiry, matchesDateTime(filter.expiry)),
    on((image) => image.eol, matchesDateTime(filter.eol)),
  ]);
}
