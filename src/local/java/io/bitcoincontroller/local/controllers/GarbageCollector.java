package io.bitcoincontroller.local.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.OwnerReference;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.api.Storage.Change;
import io.bitcoincontroller.local.api.Storage.ChangeType;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.controllers.Dependents.Dependent;
import io.bitcoincontroller.local.loop.Loop;
import io.bitcoincontroller.observe.Log;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Deletes objects whose owners are all gone: Kubernetes' background cascading deletion. An owner is
 * gone when the storage has no object of its kind and name, or one of another uid.
 *
 * <p>Not promised: foreground and orphan deletion. As in Kubernetes, an owner counts as present if
 * its kind is not served.
 */
public final class GarbageCollector {
  private final Storage storage;
  private final Supplier<? extends Collection<Kind>> kinds;
  private final Log log;
  private final Dependents dependents = new Dependents();
  private final Loop loop;

  /**
   * Collects from now on.
   *
   * @param kinds all that are served; asked again and again, since custom resources come and go
   */
  public GarbageCollector(Storage storage, Supplier<? extends Collection<Kind>> kinds, Log log) {
    this.storage = storage;
    this.kinds = kinds;
    this.log = log;
    this.loop = new Loop("garbage collector", storage, kinds, new Objects(), log);
    loop.start();
  }

  /** Nothing is done after this. */
  public void stop() throws InterruptedException {
    loop.stop();
  }

  private final class Objects implements Loop.Controller {
    @Override
    public void see(List<Change> changes) {
      changes.forEach(GarbageCollector.this::see);
    }

    @Override
    public void lookAround() {
      dependents.all().forEach(GarbageCollector.this::collect);
    }
  }

  private void see(Change change) {
    var meta = Json.convert(change.object().path("metadata"), Meta.class);
    var object = new Dependent(change.kind(), meta.key(), meta.uid());
    if (change.type() == ChangeType.DELETED) {
      dependents.remove(object);
      dependents.of(meta.uid()).forEach(this::collect);
    } else if (dependents.put(object, meta.ownerReferences())) {
      collect(object);
    }
  }

  private void collect(Dependent dependent) {
    var stored = storage.get(dependent.kind(), dependent.key());
    if (stored.isEmpty() || !Metadata.uid(stored.get()).equals(dependent.uid())) {
      dependents.remove(dependent);
    } else if (!Metadata.deleting(stored.get()) && orphaned(stored.get())) {
      log.debug("owner is gone", "kind", dependent.kind().kind(), "object", dependent.key());
      delete(dependent);
    }
  }

  private boolean orphaned(JsonNode object) {
    var meta = Json.convert(object.path("metadata"), Meta.class);
    return !meta.ownerReferences().isEmpty()
        && meta.ownerReferences().stream().allMatch(owner -> gone(owner, meta.namespace()));
  }

  private boolean gone(OwnerReference owner, String namespace) {
    for (var kind : kinds.get()) {
      if (kind.kind().equals(owner.kind()) && sameGroup(kind, owner)) {
        var key = new ObjectKey(kind.namespaced() ? namespace : "", owner.name());
        return storage.get(kind, key).map(Metadata::uid).filter(owner.uid()::equals).isEmpty();
      }
    }
    return false;
  }

  private static boolean sameGroup(Kind kind, OwnerReference owner) {
    var slash = owner.apiVersion().indexOf('/');
    return kind.group().equals(slash < 0 ? "" : owner.apiVersion().substring(0, slash));
  }

  private void delete(Dependent dependent) {
    try {
      storage.delete(dependent.kind(), dependent.key());
    } catch (StatusException e) {
      if (e.code != 404) {
        log.warn(
            "garbage stays", "object", dependent.key(), "because", String.valueOf(e.getMessage()));
      }
    }
  }
}
