import { Equals, IsISO8601, IsOptional, IsString, Length, Matches } from 'class-validator'

/** What is read of a request before its credential is known: nothing. */
export class AcceptEvent {
  static readonly raw = true
}

/**
 * The context attributes of an event from outside (CloudEvents 1.0.2, sections 3.1 and 3.2). Others, extensions among
 * them, are not looked at.
 */
export class Attributes {
  @Equals('1.0') specversion!: string
  @IsString() @Length(1, 255) id!: string
  /** A URI-reference, which is ASCII. */
  @IsString() @Length(1, 1024) @Matches(/^[\x21-\x7e]+$/) source!: string
  @IsString() @Length(1, 255) type!: string
  @IsOptional()
  @IsString()
  @Length(1, 255)
  @Matches(/^application\/([\w.-]+\+)?json *(;|$)/i)
  datacontenttype?: string
  @IsOptional() @IsString() @Length(1, 1024) dataschema?: string
  @IsOptional() @IsString() @Length(1, 255) subject?: string
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/)
  time?: string
}
