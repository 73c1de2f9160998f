import { IsArray, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator'

/** A public key (RFC 7517, RFC 8037). */
export class PublicKey {
  @IsIn(['OKP']) kty!: string
  @IsIn(['Ed25519']) crv!: string
  @IsString() x!: string
  @IsString() kid!: string
  @IsOptional() @IsString() alg?: string
  @IsOptional() @IsString() use?: string
}

/** A JWK Set (RFC 7517, section 5). */
export class PublicKeys {
  static readonly nested = { keys: PublicKey }

  @IsArray() @ValidateNested({ each: true }) keys!: PublicKey[]
}

export const replies = { 200: PublicKeys }
