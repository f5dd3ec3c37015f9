package io.bitcoincontroller.local.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.api.schema.BuiltinTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatchesTest {
  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static ObjectNode object(String text) throws JsonProcessingException {
    return (ObjectNode) json(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'a':1,'b':2}      | {'a':null,'c':3}   | {'b':2,'c':3}
          {'a':{'b':1}}      | {'a':{'c':2}}      | {'a':{'b':1,'c':2}}
          {'a':[1,2]}        | {'a':[3]}          | {'a':[3]}
          {'a':'text'}       | {'a':{'b':{}}}     | {'a':{'b':{}}}
          {}                 | {'a':{'b':null}}   | {'a':{}}
          """)
  void aMergePatchFollowsRfc7396(String live, String patch, String merged)
      throws JsonProcessingException {
    assertEquals(json(merged), Patches.merge(object(live), json(patch)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          [{'op':'add','path':'/c','value':1}]                       | {'a':{'b':1},'l':[1,2],'c':1}
          [{'op':'add','path':'/l/1','value':9}]                     | {'a':{'b':1},'l':[1,9,2]}
          [{'op':'add','path':'/l/-','value':9}]                     | {'a':{'b':1},'l':[1,2,9]}
          [{'op':'remove','path':'/l/0'}]                            | {'a':{'b':1},'l':[2]}
          [{'op':'replace','path':'/a/b','value':{}}]                | {'a':{'b':{}},'l':[1,2]}
          [{'op':'move','from':'/a/b','path':'/x'}]                  | {'a':{},'l':[1,2],'x':1}
          [{'op':'copy','from':'/a','path':'/x'}]                    | {'a':{'b':1},'l':[1,2],'x':{'b':1}}
          [{'op':'test','path':'/a/b','value':1}]                    | {'a':{'b':1},'l':[1,2]}
          """)
  void aJsonPatchFollowsRfc6902(String patch, String patched) throws JsonProcessingException {
    assertEquals(json(patched), JsonPatch.apply(object("{'a':{'b':1},'l':[1,2]}"), json(patch)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          [{'op':'remove','path':'/none'}]
          [{'op':'test','path':'/a','value':2}]
          [{'op':'add','path':'/l/7','value':1}]
          [{'op':'add','path':'a','value':1}]
          [{'op':'nonsense','path':'/a'}]
          """)
  void aJsonPatchThatCantBeDoneIsRefused(String patch) throws JsonProcessingException {
    var live = object("{'a':1,'l':[]}");
    var operations = json(patch);
    var refusal = assertThrows(StatusException.class, () -> JsonPatch.apply(live, operations));
    assertEquals(422, refusal.code);
  }

  @Test
  void aStrategicMergeGoesByTheNamesOfItems() throws JsonProcessingException {
    var live = object("{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b'}]}}");
    var patch =
        object(
            """
            {'spec':{'$setElementOrder/containers':[{'name':'c'},{'name':'a'}],
             'containers':[{'name':'a','image':'2'},{'name':'b','$patch':'delete'},{'name':'c'}]}}
            """);
    assertEquals(
        json("{'spec':{'containers':[{'name':'c'},{'name':'a','image':'2'}]}}"),
        StrategicMerge.merge(BuiltinTypes.of("Pod"), live, patch));
  }

  @Test
  void aStrategicMergeKnowsItsDirectives() throws JsonProcessingException {
    var live =
        object(
            """
            {'metadata':{'finalizers':['a','b'],'labels':{'x':'1'}},
             'spec':{'volumes':[{'name':'v','emptyDir':{}}]}}""");
    var patch =
        object(
            """
            {'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],
              'labels':{'$patch':'replace','y':'2'}},
             'spec':{'volumes':[{'$retainKeys':['name','secret'],'name':'v','secret':{}}]}}""");
    assertEquals(
        json(
            """
            {'metadata':{'finalizers':['b'],'labels':{'y':'2'}},
             'spec':{'volumes':[{'name':'v','secret':{}}]}}"""),
        StrategicMerge.merge(BuiltinTypes.of("Pod"), live, patch));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          .spec.nodes                                         | [3]
          {.spec.nodes}                                       | [3]
          .status.conditions[?(@.type=="Ready")].status       | ["True"]
          .status.conditions[?(@.type=="None")].status        | []
          .status.conditions[*].type                          | ["Ready","Meshed"]
          .status.conditions[1].type                          | ["Meshed"]
          .metadata.labels['app.kubernetes.io/name']          | ["n"]
          .absent.field                                       | []
          .spec.nodes[                                        | []
          """)
  void aPrinterColumnFindsItsValue(String path, String found) throws JsonProcessingException {
    var object =
        json(
            """
            {'spec':{'nodes':3},'metadata':{'labels':{'app.kubernetes.io/name':'n'}},
             'status':{'conditions':[{'type':'Ready','status':'True'},
              {'type':'Meshed','status':'False'}]}}""");
    assertEquals(found, JsonPath.find(object, path).toString().replace(", ", ","));
  }
}
