/**
 * What an object of a kind may look like: structural OpenAPI v3 schemas, as
 * CustomResourceDefinitions carry them. Pure.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.api.schema.Schema} is one node of a schema.
 *   <li>{@link io.bitcoincontroller.local.api.schema.Validation} says what is wrong with a value,
 *       in Kubernetes' words; {@link io.bitcoincontroller.local.api.schema.Shaping} prunes unknown
 *       fields and fills in defaults.
 *   <li>{@link io.bitcoincontroller.local.api.schema.BuiltinTypes} has the schemas of Kubernetes'
 *       own kinds.
 * </ul>
 *
 * Not promised: rules in CEL ({@code x-kubernetes-validations}) are kept but not evaluated, as by a
 * server before 1.25; {@code format} is not checked. Uses no other room.
 */
package io.bitcoincontroller.local.api.schema;
