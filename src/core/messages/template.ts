/**
 * The names of the values that an ICU template needs, read from its text by the type checker: `'{n} of {all} trials'` needs `n`
 * and `all`. Text inside the branches of a plural or select is read as well.
 *
 * `Depth` holds one letter per open brace, innermost first: `a` an argument, `b` the body of a branch.
 */
export type ValueNames<T extends string> = string extends T ? string : Text<T, ''>;

/** In running text: the next brace opens an argument, or closes the body that the text is in. `''` is an apostrophe. */
type Text<T extends string, Depth extends string> = T extends `${infer Before}{${infer Rest}`
  ? Before extends `${infer _}}${infer _}`
    ? Close<T, Depth>
    : Before extends `${infer _}''`
      ? Argument<Rest, Depth>
      : Before extends `${infer _}'`
        ? Quoted<Rest, Depth>
        : Argument<Rest, Depth>
  : Close<T, Depth>;

/** After `'{`: a brace that is text, up to the next apostrophe. */
type Quoted<T extends string, Depth extends string> = T extends `${infer _}'${infer Rest}`
  ? Text<Rest, Depth>
  : never;

/** At a `}` in running text: the body ends, and the argument that it belongs to goes on. */
type Close<T extends string, Depth extends string> = T extends `${infer _}}${infer Rest}`
  ? Depth extends `b${infer Outer}`
    ? Branches<Rest, Outer>
    : never
  : never;

/** After the `{` of an argument: its name ends at `}` or, where it has branches, at `,`. */
type Argument<T extends string, Depth extends string> = T extends `${infer Name}}${infer Rest}`
  ? Name extends `${infer Short},${infer _}`
    ? Short | (T extends `${Short},${infer Kind}` ? Branches<Kind, `a${Depth}`> : never)
    : Name | Text<Rest, Depth>
  : never;

/** Between the branches of an argument: `{` opens the next body, `}` ends the argument. */
type Branches<T extends string, Depth extends string> = T extends `${infer Before}{${infer Rest}`
  ? Before extends `${infer _}}${infer _}`
    ? EndOfArgument<T, Depth>
    : Text<Rest, `b${Depth}`>
  : EndOfArgument<T, Depth>;

type EndOfArgument<T extends string, Depth extends string> = T extends `${infer _}}${infer Rest}`
  ? Depth extends `a${infer Outer}`
    ? Text<Rest, Outer>
    : never
  : never;
