import {
  getNamedType,
  isLeafType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLLeafType,
  type GraphQLSchema,
  type ParseOptions,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { shapeOf, type DocumentShape } from './documentShape.js';
import type { Hooks } from '../plugins/hooks.js';

/** Of all cached documents; a parsed document takes about a hundred times its text in memory. */
const MAX_CHARACTERS = 500_000;
const MAX_SHAPE_CHARACTERS = 2_000_000;
/** Hashes of documents that were received once. */
const MAX_SEEN = 5000;

/** The types of a valid document's literals, in the order of its shape. */
type LiteralTypes = readonly GraphQLLeafType[];

/**
 * Caches parsed and validated documents in place of Apollo's own cache. That one computes the size of a document by
 * printing it as JSON, which takes longer than parsing it again; and it misses whenever a client writes values into
 * the document. Here a document of a known shape skips validation, which takes longest. (ADR 8)
 */
export class DocumentCache {
  readonly #documents = new LRUCache<string, DocumentNode>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (document) => 1 + sizeOf(document),
  });
  readonly #seen = new LRUCache<string, true>({ max: MAX_SEEN });
  readonly #shapes = new LRUCache<string, LiteralTypes>({
    maxSize: MAX_SHAPE_CHARACTERS,
    sizeCalculation: (types, key) => 1 + key.length + 8 * types.length,
  });
  /** Documents of requests between two of Apollo's hooks, by hash. */
  readonly #prepared = new Map<string, DocumentNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly parseOptions: ParseOptions,
  ) {}

  /** Prepares a document whose shape is known. */
  readonly hooks: Hooks = {
    didResolveSource: ({ queryHash, source }) => {
      this.#prepare(queryHash, source);
    },
  };

  /** Apollo's document store: it reads documents, and writes those that it found valid. */
  readonly store = {
    get: async (key: string): Promise<DocumentNode | undefined> => {
      const hash = hashIn(key);
      const prepared = this.#prepared.get(hash);
      this.#prepared.delete(hash);
      return prepared ?? this.#documents.get(hash);
    },
    set: async (key: string, document: DocumentNode): Promise<void> => {
      this.#remember(hashIn(key), document);
      const shape = shapeOf(document);
      const types = shape && this.#literalTypes(document, shape);
      if (types) this.#shapes.set(shape.key, types);
    },
    delete: async (key: string): Promise<boolean> => this.#documents.delete(hashIn(key)),
  };

  #prepare(hash: string, source: string): void {
    if (this.#documents.has(hash)) return;
    let document: DocumentNode;
    try {
      document = parse(source, this.parseOptions);
    } catch {
      // Apollo reports the same error.
      return;
    }
    const shape = shapeOf(document);
    const types = shape && this.#shapes.get(shape.key);
    if (!types || !shape.literals.every((literal, i) => isValidLiteral(types[i], literal))) return;
    this.#prepared.set(hash, document);
    this.#remember(hash, document);
  }

  /** Only from the second time on: most documents with values in them never come again. */
  #remember(hash: string, document: DocumentNode): void {
    if (this.#seen.has(hash)) this.#documents.set(hash, document);
    else this.#seen.set(hash, true);
  }

  /** Undefined if a literal is neither a scalar nor an enum value. */
  #literalTypes(document: DocumentNode, { literals }: DocumentShape): LiteralTypes | undefined {
    const typeOf = new Map<ASTNode, GraphQLLeafType>();
    const typeInfo = new TypeInfo(this.schema);
    const record = (node: ASTNode): void => {
      const type = getNamedType(typeInfo.getInputType());
      if (type && isLeafType(type)) typeOf.set(node, type);
    };
    visit(
      document,
      visitWithTypeInfo(typeInfo, { IntValue: record, FloatValue: record, StringValue: record }),
    );
    const types = literals.flatMap((literal) => typeOf.get(literal) ?? []);
    return types.length === literals.length ? types : undefined;
  }
}

/** Apollo puts a prefix before the hash. */
const hashIn = (key: string): string => key.slice(key.lastIndexOf(':') + 1);

const sizeOf = ({ loc }: DocumentNode): number => loc?.source.body.length ?? 0;

function isValidLiteral(
  type: GraphQLLeafType | undefined,
  literal: DocumentShape['literals'][number],
): boolean {
  try {
    return type?.parseLiteral(literal, undefined) !== undefined;
  } catch {
    return false;
  }
}
