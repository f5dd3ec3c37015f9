package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.kubelet.PodSpec.Claim;
import io.bitcoincontroller.local.kubelet.PodSpec.EmptyDir;
import io.bitcoincontroller.local.kubelet.PodSpec.Fields;
import io.bitcoincontroller.local.kubelet.PodSpec.Item;
import io.bitcoincontroller.local.kubelet.PodSpec.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pod has on disk: {@code volumes/} (shared by its containers), {@code mounts/<container>/}
 * (files made from ConfigMaps, Secrets and fields of the pod), {@code logs/}, and {@code home/},
 * where its processes stand.
 *
 * @param claims the cluster's folder of PersistentVolumeClaims, which outlives the pod
 */
record PodFolder(Path path, Path claims, String namespace) {
  Path home() throws IOException {
    return Files.createDirectories(path.resolve("home"));
  }

  /** The log of one life of a container, as a kubelet names it: by restart count. */
  Path log(String container, int restart) throws IOException {
    return Files.createDirectories(path.resolve("logs").resolve(container))
        .resolve(restart + ".log");
  }

  /** Where each mount of the container will be found; nothing needs to be there yet. */
  Map<String, Path> mounts(PodSpec pod, ContainerSpec container) throws NotStartable {
    var mounts = new LinkedHashMap<String, Path>();
    for (var mount : container.mounts()) {
      var root = root(pod, container, mount.volume());
      mounts.put(mount.path(), below(root, mount.subPath()));
    }
    return mounts;
  }

  /** Makes what {@link #mounts} named. Text of ConfigMaps and fields is translated. */
  void fill(PodSpec pod, ContainerSpec container, Environment environment, Translation translation)
      throws NotStartable, IOException {
    for (var mount : container.mounts()) {
      var root = root(pod, container, mount.volume());
      Files.createDirectories(root);
      if (source(pod, mount.volume()) instanceof Keys keys) {
        write(root, keys, environment.storage(), translation);
      } else if (source(pod, mount.volume()) instanceof Fields(var items)) {
        for (var item : items) {
          var content = translation.paths(environment.field(item.key()));
          write(below(root, item.path()), content.getBytes(StandardCharsets.UTF_8));
        }
      } else if (!mount.subPath().isEmpty()) {
        Files.createDirectories(below(root, mount.subPath()));
      }
    }
  }

  private Path root(PodSpec pod, ContainerSpec container, String volume) throws NotStartable {
    return switch (source(pod, volume)) {
      case EmptyDir() -> below(path.resolve("volumes"), volume);
      case Claim(var claim) -> below(below(claims, namespace), claim);
      case Keys _, Fields _ -> below(below(path.resolve("mounts"), container.name()), volume);
    };
  }

  private static PodSpec.Source source(PodSpec pod, String volume) throws NotStartable {
    return pod.source(volume)
        .orElseThrow(() -> notMounted("no volume is named \"" + volume + "\""));
  }

  private void write(Path root, Keys keys, Storage storage, Translation translation)
      throws NotStartable, IOException {
    var kind = keys.secret() ? Kind.SECRETS : Kind.CONFIG_MAPS;
    var object = storage.get(kind, new ObjectKey(namespace, keys.name()));
    if (object.isEmpty() && !keys.optional()) {
      throw notMounted(keys.kind() + " \"" + keys.name() + "\" not found");
    }
    if (object.isPresent()) {
      for (var item : items(keys, object.get())) {
        var content = content(keys, object.get(), item.key(), translation);
        write(below(root, item.path()), content);
      }
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Files.write(file, content);
  }

  private static List<Item> items(Keys keys, ObjectNode object) {
    if (!keys.items().isEmpty()) {
      return keys.items();
    }
    var items = new ArrayList<Item>();
    for (var field : List.of("data", "binaryData")) {
      object.path(field).fieldNames().forEachRemaining(key -> items.add(new Item(key, key)));
    }
    return items;
  }

  private static byte[] content(Keys keys, JsonNode object, String key, Translation translation)
      throws NotStartable {
    var text = object.path("data").path(key);
    var binary = object.path("binaryData").path(key);
    if (text.isMissingNode() && binary.isMissingNode()) {
      throw notMounted(keys.kind() + " \"" + keys.name() + "\" has no key \"" + key + "\"");
    }
    if (text.isMissingNode() || keys.secret()) {
      return Environment.decode(text.isMissingNode() ? binary : text);
    }
    return translation.paths(text.asText()).getBytes(StandardCharsets.UTF_8);
  }

  /** Kubernetes refuses {@code ..} in all of these names; the disk is not to depend on that. */
  private static Path below(Path root, String name) throws NotStartable {
    var place = root.resolve(name).normalize();
    if (!place.startsWith(root)) {
      throw notMounted("\"" + name + "\" points out of its volume");
    }
    return place;
  }

  private static NotStartable notMounted(String message) {
    return new NotStartable(NotStartable.Reason.VOLUME, message);
  }

  void remove() throws IOException {
    removeTree(path);
  }

  static void removeTree(Path root) throws IOException {
    try (var all = Files.walk(root)) {
      for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException _) {
      // never made, or gone already
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
