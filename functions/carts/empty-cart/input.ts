/** Nothing: who asks says which cart. */
export class EmptyCart {}
