package io.bitcoincontroller.local.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchemaTest {
  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static Schema object(String properties) throws JsonProcessingException {
    return new Schema(json("{'type':'object','properties':{" + properties + "}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'type':'integer'                     | 'x'      | f: Invalid value: "string": f in body must be of type integer: "string"
          'type':'integer'                     | 1.5      | f: Invalid value: "number": f in body must be of type integer: "number"
          'type':'integer','maximum':500       | 501      | f: Invalid value: 501: f in body should be less than or equal to 500
          'type':'integer','minimum':0         | -1       | f: Invalid value: -1: f in body should be greater than or equal to 0
          'type':'string','enum':['a','b']     | 'c'      | f: Unsupported value: "c": supported values: "a", "b"
          'type':'string','pattern':'^a+$'     | 'b'      | f: Invalid value: "b": f in body should match '^a+$'
          'type':'string','maxLength':2        | 'abc'    | f: Too long: may not be longer than 2
          'type':'string','minLength':1        | ''       | f: Invalid value: "": f in body should be at least 1 chars long
          'type':'array','maxItems':1          | [1,2]    | f: Too many: 2: must have at most 1 items
          'type':'array','items':{'type':'boolean'} | [1] | f[0]: Invalid value: "integer": f[0] in body must be of type boolean: "integer"
          'type':'string'                      | null     | f: Invalid value: "null": f in body must be of type string: "null"
          'x-kubernetes-int-or-string':true    | true     | f: Invalid value: "boolean": f in body must be of type integer,string: "boolean"
          'type':'string','not':{'pattern':'^x'} | 'xy'   | f: Invalid value: "xy": f in body must not validate the schema (not)
          'type':'object','required':['g']     | {}       | f.g: Required value
          """)
  void aWrongValueIsNamedWithItsPathAndReason(String schema, String value, String message)
      throws JsonProcessingException {
    var errors = Validation.of(object("'f':{" + schema + "}"), json("{'f':" + value + "}"));
    // an apostrophe stands for a quote in the table
    assertEquals(message, FieldError.join(errors).replace("\\\"", "\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'type':'integer'                              | 1.0
          'type':'string','nullable':true               | null
          'x-kubernetes-int-or-string':true             | '1Gi'
          'x-kubernetes-int-or-string':true             | 5
          'x-kubernetes-preserve-unknown-fields':true   | {'a':[1]}
          'type':'object','additionalProperties':{'type':'string'} | {'k':'v'}
          """)
  void aRightValueIsLeftAlone(String schema, String value) throws JsonProcessingException {
    assertEquals(
        List.of(), Validation.of(object("'f':{" + schema + "}"), json("{'f':" + value + "}")));
  }

  @Test
  void unknownFieldsArePrunedAndNamed() throws JsonProcessingException {
    var schema =
        object(
            """
            'a':{'type':'string'},
            'l':{'type':'array','items':{'type':'object','properties':{'b':{'type':'string'}}}},
            'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true}""");
    var value = json("{'a':'1','x':1,'l':[{'b':'2','y':{}}],'free':{'z':{'q':1}}}");
    assertEquals(List.of("x", "l[0].y"), Shaping.prune(schema, value));
    assertEquals(json("{'a':'1','l':[{'b':'2'}],'free':{'z':{'q':1}}}"), value);
  }

  @Test
  void defaultsAreFilledInAlsoInsideOfDefaultsAndItems() throws JsonProcessingException {
    var schema =
        object(
            """
            'a':{'type':'string','default':'x'},
            'o':{'type':'object','default':{},'properties':{'b':{'type':'integer','default':2}}},
            'p':{'type':'object','properties':{'c':{'type':'integer','default':3}}},
            'l':{'type':'array','items':{'type':'object',
              'properties':{'d':{'type':'integer','default':4}}}}""");
    var value = json("{'a':null,'l':[{},{'d':5}]}");
    Shaping.fillDefaults(schema, value);
    assertEquals(json("{'a':'x','l':[{'d':4},{'d':5}],'o':{'b':2}}"), value);
  }

  @Test
  void theTableOfBuiltInTypesIsWholeAndHasKeysAndDefaults() {
    var container =
        BuiltinTypes.of("StatefulSet")
            .field("spec")
            .field("template")
            .field("spec")
            .field("containers");
    assertEquals(List.of("name"), container.listKeys());
    var ports = container.items().field("ports");
    assertEquals(List.of("containerPort", "protocol"), ports.listKeys());
    assertEquals("TCP", ports.items().field("protocol").defaultValue().orElseThrow().asText());
    assertTrue(BuiltinTypes.of("StatefulSet").field("spec").field("selector").atomicObject());
    assertThrows(IllegalArgumentException.class, () -> BuiltinTypes.of("Nonsense"));
  }
}
