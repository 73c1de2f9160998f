/** Nothing is asked: categories are few, so all are listed. */
export class ListCategories {}
