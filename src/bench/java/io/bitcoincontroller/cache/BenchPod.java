package io.bitcoincontroller.cache;

import java.util.Random;
import java.util.UUID;

/** A pod of a StatefulSet as a real cluster serves it: about 8 KiB, half of it managedFields. */
final class BenchPod {
  private BenchPod() {}

  static String json(int i, Random random) {
    var network = "network-" + i / 10;
    return metadata(i, network, random) + spec(network, random) + status(i, random);
  }

  private static String metadata(int i, String network, Random random) {
    return """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"%1$s-sts-%2$d","generateName":"%1$s-sts-",\
        "namespace":"team-%3$d","uid":"%4$s","resourceVersion":"%5$d",\
        "creationTimestamp":"2026-01-31T12:%6$02d:00Z",\
        "labels":{"app":"%1$s","app.kubernetes.io/instance":"%1$s","app.kubernetes.io/name":"bitcoin-node",\
        "app.kubernetes.io/managed-by":"bitcoin-controller","apps.kubernetes.io/pod-index":"%2$d",\
        "controller-revision-hash":"%1$s-sts-6d5f9c7b8d","statefulset.kubernetes.io/pod-name":"%1$s-sts-%2$d"},\
        "annotations":{"k8s.v1.cni.cncf.io/network-status":"[{\\"name\\":\\"cni\\",\\"ips\\":[\\"10.1.%7$d.%8$d\\"],\\"default\\":true}]"},\
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"%1$s-sts","uid":"%9$s",\
        "controller":true,"blockOwnerDeletion":true}],\
        "managedFields":[%10$s,%11$s]},"""
        .formatted(
            network,
            i % 10,
            i / 1000,
            new UUID(random.nextLong(), random.nextLong()),
            1000 + i,
            i % 60,
            i / 250,
            i % 250,
            new UUID(i / 10, 77),
            managed("kube-controller-manager", "", random),
            managed("kubelet", "\"subresource\":\"status\",", random));
  }

  private static String managed(String manager, String subresource, Random random) {
    var fields = new StringBuilder();
    for (var i = 0; i < 28; i++) {
      fields.append(
          "\"f:field%d\":{\".\":{},\"k:{\\\"type\\\":\\\"T%d\\\"}\":{},\"f:value\":{}},"
              .formatted(i, i));
    }
    return """
        {"manager":"%s","operation":"Update","apiVersion":"v1","time":"2026-01-31T12:00:00Z",%s\
        "fieldsType":"FieldsV1","fieldsV1":{%s"f:uid":{"k:{\\"uid\\":\\"%s\\"}":{}}}}"""
        .formatted(manager, subresource, fields, new UUID(random.nextLong(), random.nextLong()));
  }

  private static String spec(String network, Random random) {
    var env = new StringBuilder();
    for (var i = 0; i < 12; i++) {
      env.append("{\"name\":\"SETTING_%d\",\"value\":\"value of setting %d\"},".formatted(i, i));
    }
    return """
        "spec":{"volumes":[{"name":"data","emptyDir":{}},{"name":"bitcoin-conf","downwardAPI":{\
        "defaultMode":420}}],"containers":[{"name":"bitcoind","image":"bitcoin/bitcoin:29",\
        "command":["bitcoind","-conf=/bitcoin.conf","-rpcauth=user:%2$016x$%3$016x"],\
        "ports":[{"name":"rpc","containerPort":18443,"protocol":"TCP"},\
        {"name":"p2p","containerPort":18444,"protocol":"TCP"}],"env":[%4$s{"name":"POD_IP","valueFrom":\
        {"fieldRef":{"apiVersion":"v1","fieldPath":"status.podIP"}}}],"resources":{"requests":\
        {"cpu":"100m","memory":"256Mi"}},"volumeMounts":[{"name":"data","mountPath":"/data"},\
        {"name":"bitcoin-conf","mountPath":"/bitcoin.conf","subPath":"bitcoin.conf","readOnly":true}],\
        "readinessProbe":{"exec":{"command":["bitcoin-cli","-regtest","-conf=/bitcoin.conf",\
        "getnetworkinfo"]},"timeoutSeconds":5,"periodSeconds":5,"successThreshold":1,\
        "failureThreshold":3},"terminationMessagePath":"/dev/termination-log",\
        "terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent","securityContext":\
        {"capabilities":{"drop":["ALL"]},"runAsNonRoot":true,"readOnlyRootFilesystem":true,\
        "allowPrivilegeEscalation":false}}],"restartPolicy":"Always",\
        "terminationGracePeriodSeconds":60,"dnsPolicy":"ClusterFirst","automountServiceAccountToken":false,\
        "securityContext":{"runAsUser":1000,"fsGroup":1000,"seccompProfile":{"type":"RuntimeDefault"}},\
        "hostname":"%1$s-sts-0","subdomain":"%1$s-svc","schedulerName":"default-scheduler",\
        "tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute",\
        "tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists",\
        "effect":"NoExecute","tolerationSeconds":300}],"priority":0,"enableServiceLinks":true,\
        "preemptionPolicy":"PreemptLowerPriority"},"""
        .formatted(network, random.nextLong(), random.nextLong(), env);
  }

  private static String status(int i, Random random) {
    var conditions = new StringBuilder();
    for (var type : new String[] {"Initialized", "Ready", "ContainersReady"}) {
      conditions.append(
          """
          {"type":"%s","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-31T12:00:09Z"},"""
              .formatted(type));
    }
    return """
        "status":{"phase":"Running","conditions":[%1$s{"type":"PodScheduled","status":"True",\
        "lastProbeTime":null,"lastTransitionTime":"2026-01-31T12:00:00Z"}],"hostIP":"192.168.0.%2$d",\
        "podIP":"10.1.%3$d.%4$d","podIPs":[{"ip":"10.1.%3$d.%4$d"}],"startTime":"2026-01-31T12:00:00Z",\
        "containerStatuses":[{"name":"bitcoind","state":{"running":{"startedAt":"2026-01-31T12:00:05Z"}},\
        "lastState":{},"ready":true,"restartCount":0,"image":"bitcoin/bitcoin:29",\
        "imageID":"bitcoin/bitcoin@sha256:%5$016x%6$016x","containerID":\
        "containerd://%6$016x%5$016x","started":true}],"qosClass":"Burstable"}}"""
        .formatted(conditions, i % 250, i / 250, i % 250, random.nextLong(), random.nextLong());
  }
}
