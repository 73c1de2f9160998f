import { IsOptional, IsString, Length } from 'class-validator'

export class ShipOrder {
  @IsString() @Length(1, 64) id!: string
  @IsOptional() @IsString() @Length(1, 100) carrier?: string
  @IsOptional() @IsString() @Length(1, 100) trackingNumber?: string
}
