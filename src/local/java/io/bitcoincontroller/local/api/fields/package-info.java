/**
 * Server-side apply with field ownership: who owns which field of an object, and what an apply or
 * an update does to both. Pure.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.api.fields.FieldSet} is a set of field paths, written as
 *       in {@code managedFields}.
 *   <li>{@link io.bitcoincontroller.local.api.fields.Typed} walks values by their schema: lists,
 *       maps and leaves.
 *   <li>{@link io.bitcoincontroller.local.api.fields.Ownership} is {@code managedFields}, read.
 *   <li>{@link io.bitcoincontroller.local.api.fields.ServerSideApply} puts them together.
 * </ul>
 *
 * The rules are those of Kubernetes' structured-merge-diff v4. Not promised: ownership across
 * several versions of one kind, and the cap of ten update managers. Comes after {@code schema}.
 */
package io.bitcoincontroller.local.api.fields;
