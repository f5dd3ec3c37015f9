/**
 * As much of YAML as kubeconfigs and manifests use, read into Jackson's trees.
 *
 * <p>{@link io.bitcoincontroller.yaml.Yaml} reads block and flow collections, all five kinds of
 * scalars, comments and several documents. Anchors, tags and the rest are refused with a {@link
 * io.bitcoincontroller.yaml.YamlException} that names the line: what is not understood is never
 * guessed. Knows nothing of Kubernetes.
 */
package io.bitcoincontroller.yaml;
