/**
 * The controllers that bitcoin-controller needs of a cluster.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.controllers.StatefulSetController} makes, replaces and
 *       removes pods. {@link io.bitcoincontroller.local.controllers.SetPlan} decides which; it is
 *       pure.
 *   <li>{@link io.bitcoincontroller.local.controllers.GarbageCollector} deletes objects whose
 *       owners are gone.
 * </ul>
 *
 * Each reads an object afresh from the storage before it acts, as real controllers do. They know
 * neither the kubelet nor each other.
 *
 * <p>Not promised: {@code minReadySeconds}, adoption of pods without an owner, orphan and
 * foreground deletion, any other controller of Kubernetes. Comes after {@code loop}.
 */
package io.bitcoincontroller.local.controllers;
