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

/** Characters of all kept documents together; parsed, each takes about a hundred times its text in memory. */
const MOST_CHARACTERS = 500_000;
const MOST_SHAPE_CHARACTERS = 2_000_000;
/** Documents remembered by their hashes alone, until they come again. */
const MOST_SEEN = 5000;

/** The types of a valid document's literals, in the order of its shape. */
type LiteralTypes = readonly GraphQLLeafType[];

/**
 * Parsed and validated documents, in the place of Apollo's own cache. That one weighs a document by printing it as
 * JSON, which takes longer than parsing it again; and it never meets a document that differs from a known one in
 * a filter's value, as those of clients do that write values into the text. Here such a document is parsed, and
 * taken for valid because its shape is known to be: validation is what takes longest. (ADR 8)
 */
export class DocumentCache {
  readonly #documents = new LRUCache<string, DocumentNode>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (document) => 1 + sizeOf(document),
  });
  readonly #seen = new LRUCache<string, true>({ max: MOST_SEEN });
  readonly #shapes = new LRUCache<string, LiteralTypes>({
    maxSize: MOST_SHAPE_CHARACTERS,
    sizeCalculation: (types, key) => 1 + key.length + 8 * types.length,
  });
  /** Of requests that are between two of Apollo's hooks, by the hash of their document. */
  readonly #prepared = new Map<string, DocumentNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly parseOptions: ParseOptions,
  ) {}

  /** Has a document at hand where its shape is known. */
  readonly hooks: Hooks = {
    didResolveSource: ({ queryHash, source }) => {
      this.#prepare(queryHash, source);
    },
  };

  /** What Apollo asks for a document, and tells of those that it found valid. */
  readonly store = {
    get: async (key: string): Promise<DocumentNode | undefined> => {
      const hash = hashIn(key);
      const prepared = this.#prepared.get(hash);
      this.#prepared.delete(hash);
      return prepared ?? this.#documents.get(hash);
    },
    set: async (key: string, document: DocumentNode): Promise<void> => {
      this.#keep(hashIn(key), document);
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
      // Apollo finds the same, and says so.
      return;
    }
    const shape = shapeOf(document);
    const types = shape && this.#shapes.get(shape.key);
    if (!types || !shape.literals.every((literal, i) => isGood(types[i], literal))) return;
    this.#prepared.set(hash, document);
    this.#keep(hash, document);
  }

  /** Not the first time: what never comes again is not worth the keeping. */
  #keep(hash: string, document: DocumentNode): void {
    if (this.#seen.has(hash)) this.#documents.set(hash, document);
    else this.#seen.set(hash, true);
  }

  /** Undefined where a literal stands for anything but a scalar or an enumeration. */
  #literalTypes(document: DocumentNode, { literals }: DocumentShape): LiteralTypes | undefined {
    const typeOf = new Map<ASTNode, GraphQLLeafType>();
    const typeInfo = new TypeInfo(this.schema);
    const note = (node: ASTNode): void => {
      const type = getNamedType(typeInfo.getInputType());
      if (type && isLeafType(type)) typeOf.set(node, type);
    };
    visit(document, visitWithTypeInfo(typeInfo, { IntValue: note, FloatValue: note, StringValue: note }));
    const types = literals.flatMap((literal) => typeOf.get(literal) ?? []);
    return types.length === literals.length ? types : undefined;
  }
}

/** Apollo puts a word of its own before the hash. */
const hashIn = (key: string): string => key.slice(key.lastIndexOf(':') + 1);

const sizeOf = ({ loc }: DocumentNode): number => loc?.source.body.length ?? 0;

function isGood(type: GraphQLLeafType | undefined, literal: DocumentShape['literals'][number]): boolean {
  try {
    return type?.parseLiteral(literal, undefined) !== undefined;
  } catch {
    return false;
  }
}
