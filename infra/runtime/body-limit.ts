/** The most bytes of a body that a function is given: one mebibyte. Who stands in front of it need not bring more. */
export const BODY_LIMIT = 1_048_576
