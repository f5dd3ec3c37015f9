package io.bitcoincontroller.cache;

/**
 * The order of resourceVersions.
 *
 * <p>For long they were opaque, but every API server has always served etcd's revision, a decimal
 * number that grows with each write. Kubernetes 1.35 made that a promise (KEP-5504): within one
 * resource type they are integers without leading zeros, of any length, and may be compared as
 * such; 0 is never the version of an object. An extension API server may still send something else:
 * such versions have no order here, only equality.
 */
final class ResourceVersion {
  private ResourceVersion() {}

  /** True only if both are numbers and {@code version} is the smaller one. */
  static boolean older(String version, String than) {
    return isNumber(version) && isNumber(than) && compare(version, than) < 0;
  }

  /** True if it is the same version, or both are numbers and {@code version} is the greater one. */
  static boolean reached(String version, String wanted) {
    return version.equals(wanted)
        || (isNumber(version) && isNumber(wanted) && compare(version, wanted) > 0);
  }

  /** Greater, if both are numbers; another one, if not. No version is the oldest of all. */
  static boolean newer(String version, String than) {
    var ordered = isNumber(version) && isNumber(than);
    return ordered ? compare(version, than) > 0 : !version.isEmpty() && !version.equals(than);
  }

  /** Without leading zeros the longer number is the greater one; no parsing, no overflow. */
  private static int compare(String a, String b) {
    return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
  }

  private static boolean isNumber(String version) {
    return !version.isEmpty()
        && version.charAt(0) != '0'
        && version.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
