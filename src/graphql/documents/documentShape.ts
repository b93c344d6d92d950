import {
  Kind,
  type ArgumentNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FloatValueNode,
  type IntValueNode,
  type SelectionNode,
  type SelectionSetNode,
  type StringValueNode,
  type TypeNode,
  type ValueNode,
} from 'graphql';

/** A literal that differs between documents of one shape. */
export type Literal = IntValueNode | FloatValueNode | StringValueNode;

/** A document without its numbers, strings and aliases. */
export interface DocumentShape {
  /**
   * Equal for two documents exactly if they differ in nothing else, and if the same literals and aliases are equal
   * to each other within each: then both are valid or both invalid, except for how scalars parse their literals.
   */
  key: string;
  /** Its numbers and strings, in a fixed order. */
  literals: Literal[];
}

/** The shape of an executable document; undefined for one that defines types. */
export function shapeOf(document: DocumentNode): DocumentShape | undefined {
  const writer = new ShapeWriter();
  return document.definitions.every((definition) => writer.definition(definition))
    ? { key: writer.key, literals: writer.literals }
    : undefined;
}

/** Names contain no punctuation, so punctuation separates them. */
class ShapeWriter {
  key = '';
  readonly literals: Literal[] = [];
  /** Response keys and literals, numbered by first occurrence. */
  readonly #responseNames = new Map<string, number>();
  readonly #values = new Map<string, number>();

  definition(definition: DefinitionNode): boolean {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      this.key += `fragment ${definition.name.value} on ${definition.typeCondition.name.value}`;
      // Only with a parser option that is not used here.
      if (definition.variableDefinitions?.length) return false;
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      this.key += `${definition.operation} ${definition.name?.value ?? ''}`;
      for (const { variable, type, defaultValue, directives } of definition.variableDefinitions ?? []) {
        this.key += `$${variable.name.value}:${typeText(type)}`;
        if (defaultValue) this.#value(defaultValue, '=');
        this.#directives(directives);
      }
    } else {
      return false;
    }
    this.#directives(definition.directives);
    this.#selections(definition.selectionSet);
    return true;
  }

  #selections({ selections }: SelectionSetNode): void {
    this.key += '{';
    for (const selection of selections) this.#selection(selection);
    this.key += '}';
  }

  #selection(selection: SelectionNode): void {
    if (selection.kind === Kind.FIELD) {
      const { alias, name, selectionSet } = selection;
      const index = indexIn(this.#responseNames, alias?.value ?? name.value);
      this.key += `${alias ? '~' : ','}${index} ${name.value}`;
      this.#arguments(selection.arguments);
      this.#directives(selection.directives);
      if (selectionSet) this.#selections(selectionSet);
      return;
    }
    const name =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? selection.name.value
        : ` ${selection.typeCondition?.name.value ?? ''}`;
    this.key += `...${name}`;
    this.#directives(selection.directives);
    if (selection.kind === Kind.INLINE_FRAGMENT) this.#selections(selection.selectionSet);
  }

  #directives(directives: readonly DirectiveNode[] | undefined): void {
    for (const directive of directives ?? []) {
      this.key += `@${directive.name.value}`;
      this.#arguments(directive.arguments);
    }
  }

  #arguments(args: readonly ArgumentNode[] | undefined): void {
    if (!args?.length) return;
    this.key += '(';
    for (const { name, value } of args) this.#value(value, `${name.value}:`);
    this.key += ')';
  }

  #value(value: ValueNode, before: string): void {
    this.key += before;
    switch (value.kind) {
      case Kind.INT:
        this.#literal(value, 'i');
        break;
      case Kind.FLOAT:
        this.#literal(value, 'f');
        break;
      case Kind.STRING:
        this.#literal(value, value.block ? 'b' : 's');
        break;
      case Kind.VARIABLE:
        this.key += `$${value.name.value};`;
        break;
      case Kind.LIST:
        this.key += '[';
        for (const item of value.values) this.#value(item, '');
        this.key += ']';
        break;
      case Kind.OBJECT:
        this.key += '{';
        for (const field of value.fields) this.#value(field.value, `${field.name.value}:`);
        this.key += '}';
        break;
      case Kind.NULL:
        this.key += 'null;';
        break;
      case Kind.BOOLEAN:
      case Kind.ENUM:
        this.key += `${String(value.value)};`;
        break;
    }
  }

  #literal(literal: Literal, kind: 'i' | 'f' | 's' | 'b'): void {
    this.literals.push(literal);
    this.key += `#${kind}${indexIn(this.#values, kind + literal.value)};`;
  }
}

function indexIn(indexes: Map<string, number>, name: string): number {
  const known = indexes.get(name);
  if (known !== undefined) return known;
  indexes.set(name, indexes.size);
  return indexes.size - 1;
}

function typeText(type: TypeNode): string {
  if (type.kind === Kind.NAMED_TYPE) return `${type.name.value};`;
  return type.kind === Kind.LIST_TYPE ? `[${typeText(type.type)}]` : `${typeText(type.type)}!`;
}
